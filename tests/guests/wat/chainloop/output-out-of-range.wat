;; An output that is nowhere is none.
;;! output = ""
(module
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $output_set (i64.const 1048576) (i64.const 5))
    (call $output_set (call $alloc (i64.const 8)) (i64.const 1048576))
    (call $output_set (call $alloc (i64.const 8)) (i64.const -8))
    (i32.const 0)))
