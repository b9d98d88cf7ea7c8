;; A request to nowhere.
;;! host_calls = []
;;! failure = "trap"
;;! host_error = "HTTP request to '' is not allowed"
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (import "extism:host/env" "http_status_code" (func $http_status_code (result i32)))
  (import "extism:host/env" "http_headers" (func $http_headers (result i64)))
  ;; HELPERS
  (data (i32.const 0) "null")
  (data (i32.const 1024) "")
  (func (export "Execute") (result i32) (local $request i64) (local $body i64) (local $response i64)
    (local.set $request (call $text (i32.const 0) (i32.const 4)))
    (local.set $body (i64.const 0))
    (call $note32 (call $http_status_code))
    (local.set $response (call $http_request (local.get $request) (local.get $body)))
    (call $note32 (call $http_status_code))
    (call $note (call $length (local.get $response)))
    (call $note_block (local.get $response))
    (call $note (call $http_headers))
    (call $done)
    (i32.const 0)))
