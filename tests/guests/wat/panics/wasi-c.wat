;; C writes what is not as asserted to stderr and traps.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ["the policy trapped: Assertion failed: x == 1 (policy.c: main: 5) (wasm trap: wasm `unreachable` instruction executed)\n"]
;;! message = "Assertion failed: x == 1 (policy.c: main: 5)"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "Assertion failed: x == 1 (policy.c: main: 5)\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 45))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    unreachable))
