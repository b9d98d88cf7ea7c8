;; Without its block the input is empty.
;;! input = "abc"
;;! output = "3 0 0 "
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note (call $input_length))
    (call $free (call $input_offset))
    (call $note (call $input_length))
    (call $note32 (call $input_load_u8 (i64.const 0)))
    (call $done)
    (i32.const 0)))
