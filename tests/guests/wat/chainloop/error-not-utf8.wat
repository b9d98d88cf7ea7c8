;; A text that is none is replaced where it is not.
;;! failure = "guest"
;;! host_error = "a\uFFFDb"
(module
  ;; HELPERS
  (data (i32.const 0) "a\ffb")
  (func (export "Execute") (result i32)
    (call $error_set (call $text (i32.const 0) (i32.const 3)))
    (i32.const 0)))
