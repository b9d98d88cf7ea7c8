;; Sleeping takes no time, on any clock.
;;! limits = { wall_time_ms = 5000 }
;;! output = "1640995200000000000 0 1640995200001000000 1000000 "
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  ;; HELPERS
  (func $now (param $clock i32) (result i64)
    (if (call $clock_time_get (local.get $clock) (i64.const 0) (i32.const 64)) (then unreachable))
    (i64.load (i32.const 64)))
  ;; An hour on the monotonic clock.
  (data (i32.const 144) "\01\00\00\00")
  (func (export "Execute") (result i32)
    (i64.store (i32.const 152) (i64.const 3600000000000))
    (call $note (call $now (i32.const 0)))
    (call $note (call $now (i32.const 1)))
    (if (call $poll_oneoff (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 300)) (then unreachable))
    (call $note (call $now (i32.const 0)))
    (call $note (call $now (i32.const 1)))
    (call $done)
    (i32.const 0)))
