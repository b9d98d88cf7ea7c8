;; A block has a length where it begins, and nowhere else.
;;! output = "5 5 0 0 0 0 0 0 "
(module
  (import "extism:host/env" "length_unsafe" (func $length_unsafe (param i64) (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 5)))
    (call $note (call $length (local.get $block)))
    (call $note (call $length_unsafe (local.get $block)))
    (call $note (call $length (i64.add (local.get $block) (i64.const 1))))
    (call $note (call $length_unsafe (i64.add (local.get $block) (i64.const 1))))
    (call $note (call $length (i64.const 0)))
    (call $note (call $length (i64.const -1)))
    (call $free (local.get $block))
    (call $note (call $length (local.get $block)))
    (call $note (call $length_unsafe (local.get $block)))
    (call $done)
    (i32.const 0)))
