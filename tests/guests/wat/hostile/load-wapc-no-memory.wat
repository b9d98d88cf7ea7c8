;; No memory to talk through.
;;! failure = "load"
;;! texts = ['does not export `memory`']
(module (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))
