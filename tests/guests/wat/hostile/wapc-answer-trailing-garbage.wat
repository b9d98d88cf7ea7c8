;; An answer with something after it.
;;! abi = "wapc"
;;! failure = "protocol"
;;! texts = ['trailing characters at line 1 column 19']
;;! message = 'internal server error: invalid response from policy: trailing characters at line 1 column 19'
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "{\22accepted\22:true} x")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 256) (i32.const 19))
    (i32.const 1)))
