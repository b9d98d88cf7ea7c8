;; An output can be taken back with an empty one.
;;! output = ""
(module
  ;; HELPERS
  (data (i32.const 0) "one")
  (func (export "Execute") (result i32)
    (call $say (i32.const 0) (i32.const 3))
    (call $output_set (call $alloc (i64.const 8)) (i64.const 0))
    (i32.const 0)))
