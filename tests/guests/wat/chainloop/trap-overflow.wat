;; A trap in the words of Chainloop's runtime.
;;! failure = "trap"
;;! host_error = "wasm error: integer overflow"
(module
  (func (export "Execute") (result i32)
    (i32.div_s (i32.const 0x80000000) (i32.const -1))))
