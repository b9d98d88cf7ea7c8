;; Fills stderr without end (here until the fuel is used up); it is not the answer, so it is only cut off.
;;! abi = "wapc"
;;! limits.fuel = 10_000
;;! failure = "limit"
;;! texts = ['fuel limit']
;;! stderr = "more bytes were dropped: the limit is 1048576 bytes"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.store (i32.const 128) (i32.const 0))
    (i32.store (i32.const 132) (i32.const 65536))
    (loop $again
      (drop (call $fd_write (i32.const 2) (i32.const 128) (i32.const 1) (i32.const 144)))
      (br $again))
    unreachable))
