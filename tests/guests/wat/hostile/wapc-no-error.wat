;; Failure, but no error.
;;! abi = "wapc"
;;! failure = "protocol"
;;! texts = ['No error message set for call failure']
;;! message = 'internal server error: Guest call failure: No error message set for call failure'
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 0)))
