;; What was logged as an error before a trap explains it.
;;! failure = "trap"
;;! host_error = "wasm error: unreachable"
;;! texts = ["boom (wasm trap: wasm `unreachable` instruction executed)"]
(module
  (import "extism:host/env" "log_error" (func $log_error (param i64)))
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $log_error (call $text (i32.const 0) (i32.const 4)))
    unreachable))
