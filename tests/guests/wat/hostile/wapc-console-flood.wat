;; Fills the console without end; here until the fuel is used up.
;;! abi = "wapc"
;;! limits.fuel = 100_000
;;! failure = "limit"
;;! texts = ['fuel limit']
;;! last_log = "more log records were dropped: the limit is 1048576 bytes"
(module
  (import "wapc" "__console_log" (func $__console_log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again (call $__console_log (i32.const 0) (i32.const 1000)) (br $again))
    unreachable))
