;; `host::call` with a bad range for its ns.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`host_call` was given 16 bytes at 0xfffa, which is outside of the 65536 bytes']
(module
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (data (i32.const 48) "\22hi\22")
  (func (export "_start")
    (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 65530) (i32.const 16) (i32.const 32) (i32.const 3) (i32.const 48) (i32.const 4)))))
