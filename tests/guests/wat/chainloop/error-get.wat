;; The guest can ask for its own error, and take it back.
;;! output = "0 boom 0 "
(module
  (import "extism:host/env" "error_get" (func $error_get (result i64)))
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $note (call $error_get))
    (call $error_set (call $text (i32.const 0) (i32.const 4)))
    (call $note_block (call $error_get))
    (call $error_set (i64.const 0))
    (call $note (call $error_get))
    (call $done)
    (i32.const 0)))
