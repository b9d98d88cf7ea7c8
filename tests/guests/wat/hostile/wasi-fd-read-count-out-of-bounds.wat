;; `fd_read` with a bad place for the number of bytes.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`fd_read` was given 4 bytes at ']
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "_start")
    (drop (call $fd_read (i32.const 0) (i32.const 128) (i32.const 0) (i32.const 65536)))))
