;; Freeing what is no block, or no block any more, does nothing.
;;! output = "5 0 7 "
(module
  ;; HELPERS
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 5)))
    (call $free (i64.const 0))
    (call $free (i64.const 1))
    (call $free (i64.const -1))
    (call $free (i64.add (local.get $block) (i64.const 1)))
    (call $note (call $length (local.get $block)))
    (call $free (local.get $block))
    (call $free (local.get $block))
    (call $note (call $length (local.get $block)))
    (call $note (call $length (call $alloc (i64.const 7))))
    (call $done)
    (i32.const 0)))
