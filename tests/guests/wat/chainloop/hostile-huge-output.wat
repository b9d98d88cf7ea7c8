;; An output that is larger than messages may be.
;;! limits = { answer = 1000 }
;;! failure = "limit"
;;! texts = ['message size limit of 1000 bytes']
(module
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $output_set (call $alloc (i64.const 1001)) (i64.const 1001))
    (i32.const 0)))
