;; A trap hides the error that was set before.
;;! failure = "trap"
;;! host_error = "wasm error: unreachable"
(module
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    unreachable))
