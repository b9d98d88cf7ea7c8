;; `poll_oneoff` with more subscriptions than any program has: refused, because the host would go through them uninterrupted.
;;! abi = "wasi"
;;! failure = "none"
;;! stdout = '{"accepted":true}'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 4)
  (data (i32.const 0) "{\"accepted\":true}")
  (func (export "_start")
    ;; 28 is EINVAL.
    (if (i32.ne (call $poll_oneoff (i32.const 4096) (i32.const 4096) (i32.const 1025) (i32.const 64)) (i32.const 28))
      (then unreachable))
    (i32.store (i32.const 128) (i32.const 0))
    (i32.store (i32.const 132) (i32.const 17))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 136)))))
