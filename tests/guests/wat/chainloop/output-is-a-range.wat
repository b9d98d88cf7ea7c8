;; An output can begin and end inside of a block.
;;! output = "wor"
(module
  ;; HELPERS
  (data (i32.const 0) "hello world")
  (func (export "Execute") (result i32)
    (call $output_set (i64.add (call $text (i32.const 0) (i32.const 11)) (i64.const 6)) (i64.const 3))
    (i32.const 0)))
