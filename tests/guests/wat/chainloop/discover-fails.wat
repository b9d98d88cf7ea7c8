;; Whatever goes wrong, the guest gets nothing.
;;! answers = [{ failed = "not found" }]
;;! output = "0 "
(module
  (import "env" "chainloop_discover" (func $discover_env (param i64 i64) (result i64)))
  ;; HELPERS
  (data (i32.const 0) "sha256:abcATTESTATION")
  (func (export "Execute") (result i32)
    (call $note (call $discover_env (call $text (i32.const 0) (i32.const 10)) (i64.const 0)))
    (call $done)
    (i32.const 0)))
