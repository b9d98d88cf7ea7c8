;; An error is one, whatever else is said.
;;! failure = "guest"
;;! host_error = "boom"
;;! texts = ["the policy reported an error: boom"]
(module
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $say (i32.const 4) (i32.const 2))
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    (i32.const 0)))
