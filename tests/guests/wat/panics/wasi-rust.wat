;; Rust writes its panics to stderr and traps.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ["the policy trapped: panicked at src/main.rs:1:112: index out of bounds: the len is 3 but the index is 7 (wasm trap: wasm `unreachable` instruction executed)\n"]
;;! message = "thread 'main' (1) panicked at src/main.rs:1:112:\nindex out of bounds: the len is 3 but the index is 7\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "\0athread 'main' (1) panicked at src/main.rs:1:112:\0aindex out of bounds: the len is 3 but the index is 7\0anote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 181))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    unreachable))
