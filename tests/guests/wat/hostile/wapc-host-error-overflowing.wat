;; `__host_error` with a bad place for the error.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__host_error` was given 17 bytes at 0xfffffffc']
(module
  (import "wapc" "__host_call" (func $__host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wapc" "__host_error" (func $__host_error (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (data (i32.const 48) "\22hi\22")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (call $__host_call (i32.const 0) (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 3) (i32.const 48) (i32.const 4)))
    (call $__host_error (i32.const -4))
    (i32.const 1)))
