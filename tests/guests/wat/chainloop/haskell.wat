;; Haskell is started with `_initialize` and `hs_init`.
;;! output = "1 0 0 3 "
(module
  ;; HELPERS
  (func (export "_initialize") (call $note (i64.const 1)))
  (func (export "hs_init") (param i32 i32) (call $note32 (local.get 0)) (call $note32 (local.get 1)))
  (func (export "__wasm_call_ctors") unreachable)
  (func (export "Execute") (result i32)
    (call $note (i64.const 3))
    (call $done)
    (i32.const 0)))
