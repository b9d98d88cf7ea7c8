;; The same function, imported twice.
;;! logs = ["error: a", "error: a"]
;;! output = ""
(module
  (import "extism:host/env" "log_error" (func $one (param i64)))
  (import "extism:host/env" "log_error" (func $two (param i64)))
  ;; HELPERS
  (data (i32.const 0) "a")
  (func (export "Execute") (result i32)
    (call $one (call $text (i32.const 0) (i32.const 1)))
    (call $two (call $text (i32.const 0) (i32.const 1)))
    (i32.const 0)))
