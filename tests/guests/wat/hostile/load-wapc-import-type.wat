;; An import with a wrong type.
;;! failure = "load"
;;! texts = ['imports `wapc::__guest_response` as function (i32) -> (), which is function (i32, i32) -> ()']
(module (import "wapc" "__guest_response" (func (param i32))) (memory (export "memory") 1) (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))
