;; An error text that is not UTF-8.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['__guest_error: cannot convert the error to UTF8']
;;! message_starts = "internal server error: Guest call failure: error while executing at wasm backtrace:\n    0:"
(module
  (import "wapc" "__guest_error" (func $__guest_error (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 96) "\ff\fe")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_error (i32.const 96) (i32.const 2))
    (i32.const 0)))
