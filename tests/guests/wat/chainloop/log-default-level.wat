;; Unless it is asked for, what is below info is not kept.
;;! logs = ["info: INFO.", "warning: WARN.", "error: ERROR"]
;;! output = "2 "
(module
  (import "extism:host/env" "log_trace" (func $log_trace (param i64)))
  (import "extism:host/env" "log_debug" (func $log_debug (param i64)))
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  (import "extism:host/env" "log_warn" (func $log_warn (param i64)))
  (import "extism:host/env" "log_error" (func $log_error (param i64)))
  (import "extism:host/env" "get_log_level" (func $get_log_level (result i32)))
  ;; HELPERS
  (data (i32.const 0) "TRACEDEBUGINFO.WARN.ERROR")
  (func (export "Execute") (result i32)
    (call $log_trace (call $text (i32.const 0) (i32.const 5)))
    (call $log_debug (call $text (i32.const 5) (i32.const 5)))
    (call $log_info (call $text (i32.const 10) (i32.const 5)))
    (call $log_warn (call $text (i32.const 15) (i32.const 5)))
    (call $log_error (call $text (i32.const 20) (i32.const 5)))
    (call $note32 (call $get_log_level))
    (call $done)
    (i32.const 0)))
