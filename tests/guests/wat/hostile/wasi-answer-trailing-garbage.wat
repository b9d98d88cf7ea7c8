;; An answer with something after it.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['trailing characters at line 1 column 19']
;;! message = 'internal server error: Cannot deserialize policy validation response: trailing characters at line 1 column 19'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "{\22accepted\22:true} x")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 256))
    (i32.store (i32.const 132) (i32.const 19))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
