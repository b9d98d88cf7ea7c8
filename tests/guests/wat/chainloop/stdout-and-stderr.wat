;; What is printed is kept, and no part of the result.
;;! stdout = "out"
;;! stderr = "err"
;;! output = "0 3 0 3 "
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  ;; HELPERS
  (data (i32.const 0) "\40\00\00\00\03\00\00\00")
  (data (i32.const 16) "\43\00\00\00\03\00\00\00")
  (data (i32.const 64) "outerr")
  (func (export "Execute") (result i32)
    (call $note32 (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
    (call $note32 (i32.load (i32.const 32)))
    (call $note32 (call $fd_write (i32.const 2) (i32.const 16) (i32.const 1) (i32.const 32)))
    (call $note32 (i32.load (i32.const 32)))
    (call $done)
    (i32.const 0)))
