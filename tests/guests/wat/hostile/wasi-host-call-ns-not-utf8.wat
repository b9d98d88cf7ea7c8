;; `host::call` with a namespace that is not UTF-8.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['host_call: cannot convert ns to UTF8']
(module
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 32) "say")
  (data (i32.const 48) "\22hi\22")
  (data (i32.const 96) "\ff\fe")
  (func (export "_start")
    (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 96) (i32.const 2) (i32.const 32) (i32.const 3) (i32.const 48) (i32.const 4)))))
