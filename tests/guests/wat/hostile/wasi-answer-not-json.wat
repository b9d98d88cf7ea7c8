;; An answer that is not JSON.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['expected value at line 1 column 1']
;;! message = 'internal server error: Cannot deserialize policy validation response: expected value at line 1 column 1'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "yes")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 256))
    (i32.store (i32.const 132) (i32.const 3))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
