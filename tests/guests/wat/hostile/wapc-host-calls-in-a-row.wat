;; Host calls in a row, without a loop and without a function in which the engine would look at the time.
;;! abi = "wapc"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (memory (export "memory") 4000)
  (data (i32.const 0) "{\"accepted\":true}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    ;; 240 MiB each.
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (drop (call $random (i32.const 65536) (i32.const 0xf000000)))
    (call $respond (i32.const 0) (i32.const 17))
    (i32.const 1)))
