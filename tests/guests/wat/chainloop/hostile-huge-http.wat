;; A request that is larger than messages may be.
;;! limits = { answer = 1000 }
;;! host_calls = []
;;! failure = "limit"
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (drop (call $http_request (call $alloc (i64.const 500)) (call $alloc (i64.const 501))))
    (i32.const 0)))
