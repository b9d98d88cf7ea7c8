;; Some codes have a meaning in Go.
;;! failure = "trap"
;;! host_error = "module closed with context deadline exceeded"
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "Execute") (result i32)
    (call $proc_exit (i32.const 0xefffffff))
    (i32.const 0)))
