;; A trap.
;;! failure = "trap"
;;! host_error = "wasm error: unreachable"
;;! texts = ['wasm `unreachable` instruction executed', '!execute']
(module
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func $execute (export "Execute") (result i32)
    (call $say (i32.const 4) (i32.const 2))
    unreachable))
