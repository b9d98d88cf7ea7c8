;; `_initialize` is passed over when it wants something; a result is dropped.
;;! output = "2 3 "
(module
  ;; HELPERS
  (func (export "_initialize") (param i32) (call $note (i64.const 1)))
  (func (export "__wasm_call_ctors") (result i32) (call $note (i64.const 2)) (i32.const 1))
  (func (export "Execute") (result i32)
    (call $note (i64.const 3))
    (call $done)
    (i32.const 0)))
