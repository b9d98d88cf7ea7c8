;; `fd_read` with a bad buffer.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`fd_read` was given 16 bytes at 0xfffffffc']
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const -4))
    (i32.store (i32.const 132) (i32.const 16))
    (drop (call $fd_read (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 144)))))
