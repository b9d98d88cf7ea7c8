;; What is sent along with a request, whose keys are read in any case.
;;! answers = ['{"status":200}']
;;! host_calls = ['http/request {"url":"https://www.cisa.gov/","method":"POST","headers":{},"body":"sent"}']
;;! output = "0 200 0  0 0 0 "
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (import "extism:host/env" "http_status_code" (func $http_status_code (result i32)))
  (import "extism:host/env" "http_headers" (func $http_headers (result i64)))
  ;; HELPERS
  (data (i32.const 0) "{\"URL\":\"https://www.cisa.gov/\",\"Method\":\"post\",\"extra\":1}")
  (data (i32.const 1024) "sent")
  (func (export "Execute") (result i32) (local $request i64) (local $body i64) (local $response i64)
    (local.set $request (call $text (i32.const 0) (i32.const 57)))
    (local.set $body (call $text (i32.const 1024) (i32.const 4)))
    (call $note32 (call $http_status_code))
    (local.set $response (call $http_request (local.get $request) (local.get $body)))
    (call $note32 (call $http_status_code))
    (call $note (call $length (local.get $response)))
    (call $note_block (local.get $response))
    (call $note (call $http_headers))
    (call $note (call $length (local.get $request)))
    (call $note (call $length (local.get $body)))
    (call $done)
    (i32.const 0)))
