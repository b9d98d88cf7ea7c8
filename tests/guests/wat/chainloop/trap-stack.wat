;; A trap in the words of Chainloop's runtime.
;;! failure = "trap"
;;! host_error = "wasm error: stack overflow"
(module
  (func $deeper (result i32) (i32.add (call $deeper) (i32.const 1)))
  (func (export "Execute") (result i32)
    (call $deeper)))
