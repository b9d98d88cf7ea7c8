;; Variables without end.
;;! limits = { memory = 8388608 }
;;! failure = "trap"
;;! host_error = "Variable store is full"
(module
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; HELPERS
  (func (export "Execute") (local $count i32)
    (loop $again
      (i32.store (i32.const 0) (local.get $count))
      (call $var_set (call $text (i32.const 0) (i32.const 4)) (call $text (i32.const 0) (i32.const 4)))
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (br $again))))
