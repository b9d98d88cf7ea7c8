;; What Go logged before a panic is not its reason.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ["the policy trapped: panic: it broke: inner (it exited with code 2)\n\tand more\n\ngoroutine 1"]
;;! message = "2026/11/29 13:53:08 about to ask\npanic: it broke: inner\n\tand more\n\ngoroutine 1 [running]:\nmain.main()\n\t/policy/main.go:41 +0x9b"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "2026/11/29 13:53:08 about to ask\0apanic: it broke: inner\0a\09and more\0a\0agoroutine 1 [running]:\0amain.main()\0a\09/policy/main.go:41 +0x9b\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 128))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $proc_exit (i32.const 2))))
