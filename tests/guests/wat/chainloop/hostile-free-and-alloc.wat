;; Blocks come and go without end, and take no room.
;;! limits = { memory = 4194304, fuel = 3000000 }
;;! failure = "limit"
;;! texts = ['fuel limit']
(module
  ;; HELPERS
  (func (export "Execute") (local $first i64) (local $second i64)
    (loop $again
      (local.set $first (call $alloc (i64.const 3000)))
      (local.set $second (call $alloc (i64.const 20)))
      (call $free (local.get $first))
      (drop (call $alloc (i64.const 0)))
      (call $free (call $alloc (i64.const 1000)))
      (call $free (local.get $second))
      (br $again))))
