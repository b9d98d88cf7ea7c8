;; Errors that no Go program can recover from.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ["the policy trapped: fatal error: all goroutines are asleep - deadlock! (it exited with code 2)\ngoroutine 1"]
;;! message = "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive (nil chan)]:\nmain.main()\n\t/policy/main.go:47 +0x51"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "fatal error: all goroutines are asleep - deadlock!\0a\0agoroutine 1 [chan receive (nil chan)]:\0amain.main()\0a\09/policy/main.go:47 +0x51\0a")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 129))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $proc_exit (i32.const 2))))
