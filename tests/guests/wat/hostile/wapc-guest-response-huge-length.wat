;; `__guest_response` with a bad range.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__guest_response` was given 4294967295 bytes at 0x8, which is outside of the 65536 bytes']
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 8) (i32.const -1))
    (i32.const 1)))
