;; Javy writes the uncaught exceptions of QuickJS to stderr and traps.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ["the policy trapped: Error:2:9 error (wasm trap: wasm `unreachable` instruction executed)\n"]
;;! message = "Error:2:9 error\n    at error (function.mjs:2:9)\n    at <anonymous> (function.mjs:5:1)"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "Error:2:9 error\0a    at error (function.mjs:2:9)\0a    at <anonymous> (function.mjs:5:1)\0a\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 87))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    unreachable))
