;; Both an answer and an error, and failure: the error counts.
;;! abi = "wapc"
;;! failure = "guest"
;;! texts = ['"hi"']
;;! message = 'internal server error: Guest call failure: "hi"'
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (import "wapc" "__guest_error" (func $__guest_error (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 48) "\22hi\22")
  (data (i32.const 64) "{\22accepted\22:true}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 64) (i32.const 17))
    (call $__guest_error (i32.const 48) (i32.const 4))
    (i32.const 0)))
