;; Never returns while it checks settings.
;;! abi = "wapc"
;;! limits.wall_time_ms = 50
;;! operation = "validate_settings"
;;! failure = "timeout"
;;! message = 'Error invoking settings validation callback: GuestCallFailure("guest code interrupted, execution deadline exceeded")'
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again (br $again))
    unreachable))
