;; The guest can ask for its own output.
;;! output = "0 0 3 1 "
(module
  (import "extism:host/env" "output_length" (func $output_length (result i64)))
  (import "extism:host/env" "output_offset" (func $output_offset (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 3)))
    (call $note (call $output_length))
    (call $note (call $output_offset))
    (call $output_set (local.get $block) (i64.const 3))
    (call $note (call $output_length))
    (call $note32 (i64.eq (call $output_offset) (local.get $block)))
    (call $done)
    (i32.const 0)))
