;; A discovery that nobody has an answer for.
;;! answers = [{ unanswerable = "no such digest" }]
;;! failure = "unanswerable"
;;! host_error = "no such digest"
(module
  (import "extism:host/user" "chainloop_discover" (func $discover_user (param i64 i64) (result i64)))
  ;; HELPERS
  (data (i32.const 0) "sha256:abcATTESTATION")
  (func (export "Execute") (result i32)
    (drop (call $discover_user (call $text (i32.const 0) (i32.const 10)) (i64.const 0)))
    (i32.const 0)))
