;; TinyGo writes its panics to stdout and traps.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ["the policy trapped: panic: runtime error: index out of range (wasm trap: wasm `unreachable` instruction executed)\n"]
;;! message = ""
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "panic: runtime error: index out of range\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 41))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    unreachable))
