;; Recurses without end.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['call stack exhausted']
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func $deeper (call $deeper) (call $deeper))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $deeper) (i32.const 0)))
