;; An answer that is neither UTF-8 nor JSON.
;;! abi = "wapc"
;;! failure = "protocol"
;;! texts = ['invalid response from policy']
;;! message = 'internal server error: invalid response from policy: expected value at line 1 column 1'
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 96) "\ff\fe")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 96) (i32.const 2))
    (i32.const 1)))
