;; An error with the text of an interrupted call: upstream takes it for one.
;;! abi = "wapc"
;;! failure = "guest"
;;! texts = ['guest code interrupted']
;;! message = 'Policy execution interrupted because it exceeded the allowed execution time'
(module
  (import "wapc" "__guest_error" (func $__guest_error (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 256) "guest code interrupted, execution deadline exceeded !!!")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_error (i32.const 256) (i32.const 55))
    (i32.const 0)))
