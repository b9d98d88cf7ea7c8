;; Divides by zero.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['integer divide by zero']
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.div_s (i32.const 1) (i32.const 0))))
