;; `__guest_response` with a bad range.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__guest_response` was given 16 bytes at 0xfffa, which is outside of the 65536 bytes']
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 65530) (i32.const 16))
    (i32.const 1)))
