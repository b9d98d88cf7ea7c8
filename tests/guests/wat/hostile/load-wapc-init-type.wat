;; A start function with a parameter.
;;! failure = "load"
;;! texts = ['exports `wapc_init` as function (i32) -> ()']
(module (memory (export "memory") 1) (func (export "wapc_init") (param i32)) (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))
