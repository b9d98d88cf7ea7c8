;; A code that does not fit.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['invalid value: integer `70000`, expected u16 at line 1 column 30']
;;! message = 'internal server error: Cannot deserialize policy validation response: invalid value: integer `70000`, expected u16 at line 1 column 30'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "{\22accepted\22:false,\22code\22:70000}")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 256))
    (i32.store (i32.const 132) (i32.const 31))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
