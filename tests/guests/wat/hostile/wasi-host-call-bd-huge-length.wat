;; `host::call` with a bad range for its bd.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`host_call` was given 4294967295 bytes at 0x8, which is outside of the 65536 bytes']
(module
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (data (i32.const 48) "\22hi\22")
  (func (export "_start")
    (drop (call $host_call (i32.const 8) (i32.const -1) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 3) (i32.const 48) (i32.const 4)))))
