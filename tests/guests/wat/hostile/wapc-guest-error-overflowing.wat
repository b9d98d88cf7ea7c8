;; `__guest_error` with a bad range.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__guest_error` was given 16 bytes at 0xfffffffc, which is outside of the 65536 bytes']
(module
  (import "wapc" "__guest_error" (func $__guest_error (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_error (i32.const -4) (i32.const 16))
    (i32.const 1)))
