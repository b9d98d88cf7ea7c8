;; An answer that is one byte too long.
;;! abi = "wapc"
;;! limits.message = 16
;;! failure = "limit"
;;! texts = ['message size limit of 16']
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "{\22accepted\22:true}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 64) (i32.const 17))
    (i32.const 1)))
