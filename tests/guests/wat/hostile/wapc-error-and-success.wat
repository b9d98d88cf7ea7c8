;; An error, but success: without an answer the error counts.
;;! abi = "wapc"
;;! failure = "guest"
;;! texts = ['"hi"']
;;! message = 'internal server error: Guest call failure: "hi"'
(module
  (import "wapc" "__guest_error" (func $__guest_error (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 48) "\22hi\22")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_error (i32.const 48) (i32.const 4))
    (i32.const 1)))
