;; Imports from waPC, but cannot be called.
;;! failure = "load"
;;! texts = ['it does not export `__guest_call`, which should be function (i32, i32) -> (i32)']
(module (import "wapc" "__console_log" (func (param i32 i32))) (memory (export "memory") 1))
