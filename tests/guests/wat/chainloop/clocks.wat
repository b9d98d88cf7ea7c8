;; It is always 2022. Each look at a clock moves that clock by a millisecond, and not the other one.
;;! output = "1640995200000000000 1640995200001000000 0 1000000 1640995200002000000 2000000 "
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  ;; HELPERS
  (func $now (param $clock i32) (result i64)
    (if (call $clock_time_get (local.get $clock) (i64.const 0) (i32.const 64)) (then unreachable))
    (i64.load (i32.const 64)))
  (func (export "Execute") (result i32)
    (call $note (call $now (i32.const 0)))
    (call $note (call $now (i32.const 0)))
    (call $note (call $now (i32.const 1)))
    (call $note (call $now (i32.const 1)))
    (call $note (call $now (i32.const 0)))
    (call $note (call $now (i32.const 1)))
    (call $done)
    (i32.const 0)))
