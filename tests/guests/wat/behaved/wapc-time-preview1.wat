;; Sends to the host, as numbers of eight bytes each: the wall clock, the monotonic clock, the monotonic clock after an hour's
;; sleep, the number of events and the event's user data, and 16 random bytes. Through WASI preview 1.
(module
  (import "wapc" "__guest_response" (func $guest_response (param i32 i32)))
  (import "wapc" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "relay")
  (data (i32.const 64) "{\"accepted\":true}")
  (func $time (param $id i32) (param $to i32)
    (if (call $clock_time_get (local.get $id) (i64.const 0) (local.get $to)) (then unreachable)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $time (i32.const 0) (i32.const 1024))
    (call $time (i32.const 1) (i32.const 1032))
    ;; A subscription at 256: user data 7, a clock, the monotonic one, an hour from now.
    (i64.store (i32.const 256) (i64.const 7))
    (i32.store (i32.const 272) (i32.const 1))
    (i64.store (i32.const 280) (i64.const 3600000000000))
    (if (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 1048)) (then unreachable))
    (call $time (i32.const 1) (i32.const 1040))
    (i64.store (i32.const 1056) (i64.load (i32.const 512)))
    (if (call $random_get (i32.const 1064) (i32.const 16)) (then unreachable))
    (drop (call $host_call
      (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 5) (i32.const 16) (i32.const 5) (i32.const 1024) (i32.const 56)))
    (call $guest_response (i32.const 64) (i32.const 17))
    (i32.const 1)))
