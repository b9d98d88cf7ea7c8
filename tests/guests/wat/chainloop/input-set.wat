;; Bytes follow the input to another place, words do not. A place that is none is not taken.
;;! input = "abcdefgh"
;;! output = "3 120 7523094288207667809 3 "
(module
  (import "extism:host/env" "input_set" (func $input_set (param i64 i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  ;; HELPERS
  (data (i32.const 0) "xyz")
  (func (export "Execute") (result i32)
    (call $input_set (call $text (i32.const 0) (i32.const 3)) (i64.const 3))
    (call $note (call $input_length))
    (call $note32 (call $input_load_u8 (i64.const 0)))
    (call $note (call $input_load_u64 (i64.const 0)))
    (call $input_set (i64.const 1048576) (i64.const 4))
    (call $note (call $input_length))
    (call $done)
    (i32.const 0)))
