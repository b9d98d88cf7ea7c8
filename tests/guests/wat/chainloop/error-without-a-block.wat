;; An error that begins inside of a block has no text, which is no error.
;;! output = "{}"
(module
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $error_set (i64.add (call $text (i32.const 0) (i32.const 4)) (i64.const 1)))
    (call $say (i32.const 4) (i32.const 2))
    (i32.const 0)))
