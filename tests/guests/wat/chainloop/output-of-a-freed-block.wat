;; What was freed is still there.
;;! output = "one"
(module
  ;; HELPERS
  (data (i32.const 0) "one")
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $text (i32.const 0) (i32.const 3)))
    (call $output_set (local.get $block) (i64.const 3))
    (call $free (local.get $block))
    (i32.const 0)))
