;; A trap in the words of Chainloop's runtime.
;;! failure = "trap"
;;! host_error = "wasm error: out of bounds memory access"
(module
  (memory 1)
  (func (export "Execute") (result i32)
    (i32.load (i32.const 65536))))
