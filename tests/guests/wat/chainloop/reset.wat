;; Everything is freed and forgotten.
;;! input = "abc"
;;! output = "0 0 0 0 0 "
(module
  (import "extism:host/env" "reset" (func $reset))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "output_length" (func $output_length (result i64)))
  (import "extism:host/env" "error_get" (func $error_get (result i64)))
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $text (i32.const 0) (i32.const 4)))
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    (call $say (i32.const 0) (i32.const 4))
    (call $reset)
    (call $note (call $length (local.get $block)))
    (call $note (call $input_length))
    (call $note (call $input_offset))
    (call $note (call $output_length))
    (call $note (call $error_get))
    (call $done)
    (i32.const 0)))
