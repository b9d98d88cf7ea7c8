;; A trap in the words of Chainloop's runtime.
;;! failure = "trap"
;;! host_error = "wasm error: invalid table access"
(module
  (table 1 funcref)
  (func (export "Execute") (result i32)
    (call_indirect (result i32) (i32.const 0))))
