;; A program that ends badly has said nothing.
;;! failure = "trap"
;;! host_error = "module closed with exit_code(3)"
;;! texts = ["module closed with exit_code(3)"]
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $say (i32.const 4) (i32.const 2))
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    (call $proc_exit (i32.const 3))
    unreachable))
