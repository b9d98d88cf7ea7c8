;; A function that calls itself, with a block in each.
;;! failure = "trap"
;;! host_error = "wasm error: stack overflow"
(module
  ;; HELPERS
  (func $deeper (param i64) (result i64)
    (i64.add (call $deeper (call $alloc (i64.const 8))) (local.get 0)))
  (func (export "Execute") (drop (call $deeper (i64.const 0)))))
