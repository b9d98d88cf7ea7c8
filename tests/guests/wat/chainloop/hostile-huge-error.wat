;; An error that is larger than messages may be.
;;! limits = { answer = 1000 }
;;! failure = "limit"
(module
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $error_set (call $alloc (i64.const 1001)))
    (i32.const 0)))
