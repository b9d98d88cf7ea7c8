;; An empty block is none, others have an offset of their own, and it is not 0.
;;! output = "0 1 5 3 "
(module
  ;; HELPERS
  (func (export "Execute") (result i32) (local $first i64) (local $second i64)
    (local.set $first (call $alloc (i64.const 5)))
    (local.set $second (call $alloc (i64.const 3)))
    (call $note (call $alloc (i64.const 0)))
    (call $note32 (i32.and (i64.ne (local.get $first) (i64.const 0)) (i64.gt_u (local.get $second) (local.get $first))))
    (call $note (call $length (local.get $first)))
    (call $note (call $length (local.get $second)))
    (call $done)
    (i32.const 0)))
