;; `poll_oneoff` with a bad array of subscriptions.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`poll_oneoff` was given 48 bytes at 0xfff8']
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $poll_oneoff (i32.const 65528) (i32.const 512) (i32.const 1) (i32.const 144)))))
