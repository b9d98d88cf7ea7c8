;; Arguments of nothing look absent.
;;! args = ""
;;! output = "0 "
(module
  (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
  ;; HELPERS
  (data (i32.const 0) "argsother")
  (func (export "Execute") (result i32)
    (call $note (call $config_get (call $text (i32.const 0) (i32.const 4))))
    (call $done)
    (i32.const 0)))
