;; A record that is larger than all records may be.
;;! limits = { log = 2000 }
;;! output = ""
;;! last_log = "1 more log records were dropped"
(module
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $log_info (call $alloc (i64.const 50000000)))
    (i32.const 0)))
