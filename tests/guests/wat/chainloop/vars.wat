;; Variables are kept and deleted; names and values are freed.
;;! output = "0 value 0 0 other 0 "
(module
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; HELPERS
  (data (i32.const 0) "namevalueother")
  (func $name (result i64) (call $text (i32.const 0) (i32.const 4)))
  (func (export "Execute") (result i32) (local $name i64) (local $value i64)
    (call $note (call $var_get (call $name)))
    (local.set $name (call $name))
    (local.set $value (call $text (i32.const 4) (i32.const 5)))
    (call $var_set (local.get $name) (local.get $value))
    (call $note_block (call $var_get (call $name)))
    (call $var_set (call $name) (i64.const 0))
    (call $note (call $var_get (call $name)))
    (call $note (call $length (local.get $value)))
    (call $var_set (call $name) (call $text (i32.const 4) (i32.const 5)))
    (call $var_set (call $name) (call $text (i32.const 9) (i32.const 5)))
    (call $note_block (call $var_get (call $name)))
    (call $var_set (call $name) (call $alloc (i64.const 0)))
    (call $note (call $var_get (call $name)))
    (call $done)
    (i32.const 0)))
