;; A trap in the words of Chainloop's runtime.
;;! failure = "trap"
;;! host_error = "wasm error: indirect call type mismatch"
(module
  (table 1 funcref)
  (elem (i32.const 0) $other)
  (func $other)
  (func (export "Execute") (result i32)
    (call_indirect (result i32) (i32.const 0))))
