;; `random_get` with a bad range.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`random_get` was given 16 bytes at 0xfffa']
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (func (export "_start")
    (drop (call $random_get (i32.const 65530) (i32.const 16)))))
