;; Both an answer and an error, and success: the answer counts.
;;! abi = "wapc"
;;! failure = "none"
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (import "wapc" "__guest_error" (func $__guest_error (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 48) "\22hi\22")
  (data (i32.const 64) "{\22accepted\22:true}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_error (i32.const 48) (i32.const 4))
    (call $__guest_response (i32.const 64) (i32.const 17))
    (i32.const 1)))
