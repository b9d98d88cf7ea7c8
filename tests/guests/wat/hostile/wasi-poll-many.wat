;; `poll_oneoff` with more subscriptions than 32 bits can count.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`poll_oneoff` was given 4294967295 bytes at 0x200']
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 0x10000000) (i32.const 144)))))
