;; A start section that does not end.
;;! limits = { wall_time_ms = 200 }
;;! failure = "timeout"
;;! host_error = "instantiating module: module closed with context deadline exceeded"
(module
  (start $start)
  (func $start (loop (br 0)))
  (func (export "Execute") (result i32) (i32.const 0)))
