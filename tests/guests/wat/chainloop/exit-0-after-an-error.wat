;; An error is one, also when the program ends well.
;;! failure = "guest"
;;! host_error = "boom"
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $say (i32.const 4) (i32.const 2))
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    (call $proc_exit (i32.const 0))
    unreachable))
