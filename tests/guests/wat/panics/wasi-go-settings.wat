;; A panic about the settings does not make them invalid.
;;! abi = "wasi"
;;! failure = "trap"
;;! operation = "validate_settings"
;;! texts = ["the policy trapped: panic: settings are broken (it exited with code 2)\n"]
;;! message = "panic: settings are broken\n\ngoroutine 1 [running]:\nmain.main()\n\t/policy/main.go:22 +0x72"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "panic: settings are broken\0a\0agoroutine 1 [running]:\0amain.main()\0a\09/policy/main.go:22 +0x72\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 89))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $proc_exit (i32.const 2))))
