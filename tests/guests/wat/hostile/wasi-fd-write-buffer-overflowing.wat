;; `fd_write` with a bad buffer.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`fd_write` was given 16 bytes at 0xfffffffc']
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const -4))
    (i32.store (i32.const 132) (i32.const 16))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
