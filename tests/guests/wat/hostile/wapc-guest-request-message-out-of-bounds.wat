;; `__guest_request` with a bad place for the message.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__guest_request` was given ', ' bytes at 0xfffa']
(module
  (import "wapc" "__guest_request" (func $__guest_request (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_request (i32.const 1024) (i32.const 65530))
    (i32.const 1)))
