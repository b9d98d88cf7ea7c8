;; The input is a block, and can be read without knowing where it is.
;;! input = "abcdefgh!"
;;! output = "9 9 1 97 33 0 7523094288207667809 abcdefgh! "
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note (call $input_length))
    (call $note (call $length (call $input_offset)))
    (call $note32 (i64.ne (call $input_offset) (i64.const 0)))
    (call $note32 (call $input_load_u8 (i64.const 0)))
    (call $note32 (call $input_load_u8 (i64.const 8)))
    (call $note32 (call $input_load_u8 (i64.const 9)))
    (call $note (call $input_load_u64 (i64.const 0)))
    (call $note_block (call $input_offset))
    (call $done)
    (i32.const 0)))
