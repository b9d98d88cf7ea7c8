;; `poll_oneoff` with a bad array of events.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['`poll_oneoff` was given 32 bytes at 0xfffffffc']
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $poll_oneoff (i32.const 256) (i32.const -4) (i32.const 1) (i32.const 144)))))
