;; An output that is nowhere leaves the one before it alone, and so does one of nothing at 0.
;;! output = "one"
(module
  ;; HELPERS
  (data (i32.const 0) "one")
  (func (export "Execute") (result i32)
    (call $say (i32.const 0) (i32.const 3))
    (call $output_set (i64.const 1048576) (i64.const 5))
    (call $output_set (i64.const 0) (i64.const 0))
    (i32.const 0)))
