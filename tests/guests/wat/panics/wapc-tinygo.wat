;; TinyGo writes its panics to stdout and traps.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ["the policy trapped: panic: runtime error: nil pointer dereference (wasm trap: wasm `unreachable` instruction executed)\n"]
;;! stdout = "panic: runtime error: nil pointer dereference"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "panic: runtime error: nil pointer dereference\0a")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 46))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    unreachable))
