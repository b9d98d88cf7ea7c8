;; There are no arguments and no environment.
;;! output = "0 0 0 0 0 0 "
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note32 (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (call $note32 (i32.load (i32.const 0)))
    (call $note32 (i32.load (i32.const 4)))
    (call $note32 (call $environ_sizes_get (i32.const 0) (i32.const 4)))
    (call $note32 (i32.load (i32.const 0)))
    (call $note32 (i32.load (i32.const 4)))
    (call $done)
    (i32.const 0)))
