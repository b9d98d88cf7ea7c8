;; Calls the host without end, and leaves the answers unread until they do not fit into memory.
;;! abi = "wasi"
;;! limits.memory = 1_000_000
;;! failure = "limit"
;;! texts = ['memory limit of 1000000']
(module
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (func (export "_start")
    (loop $again (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 3) (i32.const 0) (i32.const 65536))) (br $again))))
