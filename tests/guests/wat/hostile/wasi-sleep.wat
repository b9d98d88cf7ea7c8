;; Sleeps for an hour, again and again; it costs no time, so only the fuel ends it.
;;! abi = "wasi"
;;! limits.fuel = 100_000
;;! failure = "limit"
;;! texts = ['fuel limit']
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "_start")
    (i64.store (i32.const 256) (i64.const 1))
    (i32.store8 (i32.const 264) (i32.const 0))
    (i32.store (i32.const 272) (i32.const 1))
    (i64.store (i32.const 280) (i64.const 3600000000000))
    (loop $again
      (drop (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 144)))
      (br $again))))
