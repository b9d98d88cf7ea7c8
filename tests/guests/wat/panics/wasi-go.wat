;; Go writes its panics to stderr and ends the process with 2.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ["the policy trapped: panic: runtime error: index out of range [42] with length 3 (it exited with code 2)\ngoroutine 1 [running]:\nmain.main()\n\t/policy/main.go:36 +0x74"]
;;! message = "panic: runtime error: index out of range [42] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/policy/main.go:36 +0x74"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "panic: runtime error: index out of range [42] with length 3\0a\0agoroutine 1 [running]:\0amain.main()\0a\09/policy/main.go:36 +0x74\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 122))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $proc_exit (i32.const 2))))
