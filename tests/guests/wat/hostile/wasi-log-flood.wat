;; Logs without end; here until the fuel is used up.
;;! abi = "wasi"
;;! limits.fuel = 400_000
;;! failure = "limit"
;;! texts = ['fuel limit']
;;! last_log = "more log records were dropped: the limit is 1048576 bytes"
(module
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 256) "tracing")
  (data (i32.const 272) "log")
  (data (i32.const 288) "{\22level\22:\22info\22}")
  (func (export "_start")
    (loop $again (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 256) (i32.const 7) (i32.const 272) (i32.const 3) (i32.const 288) (i32.const 16))) (br $again))))
