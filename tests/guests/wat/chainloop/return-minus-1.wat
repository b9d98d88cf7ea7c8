;; An output and a return code of -1, which is a large number.
;;! output = "{}"
;;! return_code = 4294967295
(module
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $say (i32.const 4) (i32.const 2))
    (i32.const -1)))
