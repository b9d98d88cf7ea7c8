;; A trap in the words of Chainloop's runtime.
;;! failure = "trap"
;;! host_error = "wasm error: invalid conversion to integer"
(module
  (func (export "Execute") (result i32)
    (i32.trunc_f32_s (f32.const nan))))
