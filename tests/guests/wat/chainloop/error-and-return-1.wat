;; An error is one, whatever is returned.
;;! failure = "guest"
;;! host_error = "boom"
(module
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    (call $say (i32.const 4) (i32.const 2))
    (i32.const 1)))
