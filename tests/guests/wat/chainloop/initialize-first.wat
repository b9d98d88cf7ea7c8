;; `_initialize` runs when the input is there already, and its blocks stay.
;;! input = "abc"
;;! output = "3 5 "
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  ;; HELPERS
  (global $block (mut i64) (i64.const 0))
  (func (export "_initialize")
    (call $note (call $input_length))
    (global.set $block (call $alloc (i64.const 5))))
  (func (export "__wasm_call_ctors") (call $note (i64.const 99)))
  (func (export "Execute") (result i32)
    (call $note (call $length (global.get $block)))
    (call $done)
    (i32.const 0)))
