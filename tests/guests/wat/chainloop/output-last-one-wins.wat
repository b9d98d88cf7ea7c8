;; Of two outputs the second one counts.
;;! output = "two"
(module
  ;; HELPERS
  (data (i32.const 0) "onetwo")
  (func (export "Execute") (result i32)
    (call $say (i32.const 0) (i32.const 3))
    (call $say (i32.const 3) (i32.const 3))
    (i32.const 0)))
