;; `fd_write` with a bad array of buffers.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`fd_write` was given 8 bytes at 0xfffc']
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 65532) (i32.const 1) (i32.const 144)))))
