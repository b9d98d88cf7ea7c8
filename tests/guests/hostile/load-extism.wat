;; An Extism plug-in.
;;! failure = "load"
;;! texts = ['an Extism plug-in (it imports `extism:host/env::input_length`)', 'not supported yet']
(module (import "extism:host/env" "input_length" (func (result i64))) (memory (export "memory") 1) (func (export "Execute") (result i32) (i32.const 0)))
