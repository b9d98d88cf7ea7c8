;; A status that is none of success is an answer like others.
;;! answers = ['{"status":404,"body":"gone"}']
;;! output = "0 404 4 gone 0 "
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (import "extism:host/env" "http_status_code" (func $http_status_code (result i32)))
  (import "extism:host/env" "http_headers" (func $http_headers (result i64)))
  ;; HELPERS
  (data (i32.const 0) "{\"url\":\"https://www.cisa.gov/x\",\"method\":\"GET\",\"headers\":{\"A\":\"b\"}}")
  (data (i32.const 1024) "")
  (func (export "Execute") (result i32) (local $request i64) (local $body i64) (local $response i64)
    (local.set $request (call $text (i32.const 0) (i32.const 67)))
    (local.set $body (i64.const 0))
    (call $note32 (call $http_status_code))
    (local.set $response (call $http_request (local.get $request) (local.get $body)))
    (call $note32 (call $http_status_code))
    (call $note (call $length (local.get $response)))
    (call $note_block (local.get $response))
    (call $note (call $http_headers))
    (call $done)
    (i32.const 0)))
