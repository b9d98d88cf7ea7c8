;; Codes are not limited to what WASI has room for.
;;! failure = "trap"
;;! host_error = "module closed with exit_code(200)"
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "Execute") (result i32)
    (call $proc_exit (i32.const 200))
    (i32.const 0)))
