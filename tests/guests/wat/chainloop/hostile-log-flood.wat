;; More records than anybody reads.
;;! limits = { log = 2000, fuel = 3000000 }
;;! failure = "limit"
;;! last_log = "more log records were dropped: the limit is 2000 bytes"
(module
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  ;; HELPERS
  (data (i32.const 0) "TRACEDEBUGINFO.WARN.ERROR")
  (func (export "Execute")
    (loop $again
      (call $log_info (call $text (i32.const 0) (i32.const 5)))
      (br $again))))
