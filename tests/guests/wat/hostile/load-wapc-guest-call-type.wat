;; `__guest_call` with a wrong type.
;;! failure = "load"
;;! texts = ['exports `__guest_call` as function (i32) -> (i32), which should be function (i32, i32) -> (i32)']
(module (memory (export "memory") 1) (func (export "__guest_call") (param i32) (result i32) (i32.const 1)))
