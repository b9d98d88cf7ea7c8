;; There is nothing on stdin: the input is elsewhere.
;;! input = "abc"
;;! output = "0 0 "
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  ;; HELPERS
  ;; Four bytes from 64 on.
  (data (i32.const 0) "\40\00\00\00\04\00\00\00\ff\ff\ff\ff")
  (func (export "Execute") (result i32)
    (call $note32 (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $note32 (i32.load (i32.const 8)))
    (call $done)
    (i32.const 0)))
