;; `__host_call` with a bad range for its payload.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__host_call` was given 16 bytes at 0xfffa, which is outside of the 65536 bytes']
;;! message_starts = "internal server error: Guest call failure: error while executing at wasm backtrace:\n    0:"
(module
  (import "wapc" "__host_call" (func $__host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 3) (i32.const 65530) (i32.const 16))))
