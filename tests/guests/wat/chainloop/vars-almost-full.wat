;; One byte less is not.
;;! output = "1048534 "
(module
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; HELPERS
  (func (export "Execute") (result i32) (local $name i64)
    (local.set $name (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $name) (i32.const 97))
    (call $var_set (local.get $name) (call $alloc (i64.const 1048534)))
    (local.set $name (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $name) (i32.const 97))
    (call $note (call $length (call $var_get (local.get $name))))
    (call $done)
    (i32.const 0)))
