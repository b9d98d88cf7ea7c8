;; The guest is told what is kept.
;;! log_level = "debug"
;;! output = "1 "
(module
  (import "extism:host/env" "get_log_level" (func $get_log_level (result i32)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note32 (call $get_log_level))
    (call $done)
    (i32.const 0)))
