;; `fd_read` with a bad buffer. It is more than a call can be about, so the call fails and the program goes on.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['EOF while parsing a value']
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 8))
    (i32.store (i32.const 132) (i32.const -1))
    (drop (call $fd_read (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 144)))))
