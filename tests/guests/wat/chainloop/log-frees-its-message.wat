;; Messages are freed, whether they are kept or not. What is no message is an empty one.
;;! logs = ["info: TRACE", "info: ", "info: "]
;;! output = "0 0 "
(module
  (import "extism:host/env" "log_debug" (func $log_debug (param i64)))
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  ;; HELPERS
  (data (i32.const 0) "TRACEDEBUGINFO.WARN.ERROR")
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $text (i32.const 0) (i32.const 5)))
    (call $log_info (local.get $block))
    (call $note (call $length (local.get $block)))
    (local.set $block (call $text (i32.const 0) (i32.const 5)))
    (call $log_debug (local.get $block))
    (call $note (call $length (local.get $block)))
    (call $log_info (i64.const 0))
    (call $log_info (i64.const -1))
    (call $done)
    (i32.const 0)))
