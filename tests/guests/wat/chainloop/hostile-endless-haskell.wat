;; An `_initialize` that does not end, before a `hs_init`.
;;! limits = { wall_time_ms = 200 }
;;! failure = "timeout"
;;! host_error = "failed to initialize runtime: module closed with context deadline exceeded"
(module
  (func (export "_initialize") (loop (br 0)))
  (func (export "hs_init") (param i32 i32))
  (func (export "Execute") (result i32) (i32.const 0)))
