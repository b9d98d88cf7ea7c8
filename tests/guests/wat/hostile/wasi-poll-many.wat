;; `poll_oneoff` with more subscriptions than a call can be about, which fails.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['EOF while parsing a value']
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 0x10000000) (i32.const 144)))))
