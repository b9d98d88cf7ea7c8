;; A program that ends before it was called, and be it well.
;;! failure = "trap"
;;! host_error = "failed to initialize runtime: module closed with exit_code(0)"
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_initialize") (call $proc_exit (i32.const 0)))
  (func (export "Execute") (result i32) (i32.const 0)))
