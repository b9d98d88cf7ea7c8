;; An answer, but failure: the answer does not count.
;;! abi = "wapc"
;;! failure = "protocol"
;;! texts = ['No error message set for call failure']
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 64) "{\22accepted\22:true}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 64) (i32.const 17))
    (i32.const 0)))
