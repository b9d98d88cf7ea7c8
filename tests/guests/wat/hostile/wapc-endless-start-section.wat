;; The start section never returns.
;;! abi = "wapc"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
;;! message = 'Policy execution interrupted because it exceeded the allowed execution time'
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 0)))
