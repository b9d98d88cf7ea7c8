;; Requests without end.
;;! limits = { wall_time_ms = 500 }
;;! answers = "always"
;;! failure = "timeout"
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  ;; HELPERS
  (data (i32.const 0) "{\"url\":\"https://www.cisa.gov/x\"}")
  (data (i32.const 1024) "")
  (func (export "Execute")
    (loop $again
      (drop (call $http_request (call $text (i32.const 0) (i32.const 32)) (i64.const 0)))
      (br $again))))
