;; `__host_response` with a bad place for the response.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__host_response` was given 16 bytes at 0xfffffffc']
(module
  (import "wapc" "__host_call" (func $__host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wapc" "__host_response" (func $__host_response (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (data (i32.const 64) "{\22accepted\22:true}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (call $__host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 3) (i32.const 64) (i32.const 16)))
    (call $__host_response (i32.const -4))
    (i32.const 1)))
