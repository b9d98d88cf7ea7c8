;; An error that is nowhere is none, and leaves the one before it alone.
;;! failure = "guest"
;;! host_error = "boom"
(module
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    (call $error_set (i64.const 1048576))
    (i32.const 0)))
