;; A trap in the words of Chainloop's runtime.
;;! failure = "trap"
;;! host_error = "wasm error: integer divide by zero"
(module
  (func (export "Execute") (result i32)
    (i32.div_u (i32.const 1) (i32.const 0))))
