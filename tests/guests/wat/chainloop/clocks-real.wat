;; Clocks tell the time when they are asked to.
;;! clock = "real"
;;! output = "1 "
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  ;; HELPERS
  (func $now (param $clock i32) (result i64)
    (if (call $clock_time_get (local.get $clock) (i64.const 0) (i32.const 64)) (then unreachable))
    (i64.load (i32.const 64)))
  (func (export "Execute") (result i32)
    (call $note32 (i64.gt_u (call $now (i32.const 0)) (i64.const 1700000000000000000)))
    (call $done)
    (i32.const 0)))
