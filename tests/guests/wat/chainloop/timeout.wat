;; A policy that does not end.
;;! limits = { wall_time_ms = 200 }
;;! failure = "timeout"
;;! host_error = "module closed with context deadline exceeded"
(module
  (func (export "Execute") (loop (br 0))))
