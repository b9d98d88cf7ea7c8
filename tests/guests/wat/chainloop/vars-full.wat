;; A mebibyte of variables is too much.
;;! failure = "trap"
;;! host_error = "Variable store is full"
(module
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $var_set (call $alloc (i64.const 1)) (call $alloc (i64.const 1048535)))
    (i32.const 0)))
