;; Success, but no answer.
;;! abi = "wapc"
;;! failure = "protocol"
;;! texts = ['No error message OR response set for call success']
;;! message = 'internal server error: Guest call failure: No error message OR response set for call success'
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 1)))
