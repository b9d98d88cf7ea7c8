;; Something calls Extism, and cannot be called.
;;! failure = "load"
;;! texts = ['looks like a chainloop policy', 'does not export a function `Execute`', "missing required 'Execute' function export"]
(module
  (import "extism:host/env" "input_length" (func (result i64)))
  (memory (export "memory") 1)
  (func (export "execute") (result i32) (i32.const 0)))
