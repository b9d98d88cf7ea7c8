;; An answer that is not UTF-8.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['stdout pipe conversion error']
;;! message_starts = 'stdout pipe conversion error: Cannot convert buffer to UTF8 string: '
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 96) "\ff\fe")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 96))
    (i32.store (i32.const 132) (i32.const 2))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
