;; Calls the host without end, and leaves the answers unread.
;;! abi = "wasi"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
(module
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (data (i32.const 48) "\22hi\22")
  (func (export "_start")
    (loop $again (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 3) (i32.const 48) (i32.const 4))) (br $again))))
