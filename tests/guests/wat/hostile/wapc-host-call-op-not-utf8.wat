;; `__host_call` with a operation that is not UTF-8.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['__host_call: cannot convert the operation to UTF8']
(module
  (import "wapc" "__host_call" (func $__host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 48) "\22hi\22")
  (data (i32.const 96) "\ff\fe")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 4) (i32.const 96) (i32.const 2) (i32.const 48) (i32.const 4))))
