;; Never returns.
;;! abi = "wapc"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
;;! message = 'Policy execution interrupted because it exceeded the allowed execution time'
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again (br $again))
    unreachable))
