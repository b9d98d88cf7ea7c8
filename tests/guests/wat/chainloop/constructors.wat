;; `__wasm_call_ctors` runs when there is no `_initialize`.
;;! output = "1 2 "
(module
  ;; HELPERS
  (func (export "__wasm_call_ctors") (call $note (i64.const 1)))
  (func (export "Execute") (result i32)
    (call $note (i64.const 2))
    (call $done)
    (i32.const 0)))
