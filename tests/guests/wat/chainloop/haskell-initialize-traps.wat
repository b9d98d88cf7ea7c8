;; An `_initialize` that traps is logged, and Haskell goes on.
;;! logs = ["error: Error running reactor _initialize: wasm error: unreachable"]
;;! output = "2 3 "
(module
  ;; HELPERS
  (func (export "_initialize") unreachable)
  (func (export "hs_init") (param i32 i32) (call $note (i64.const 2)))
  (func (export "Execute") (result i32)
    (call $note (i64.const 3))
    (call $done)
    (i32.const 0)))
