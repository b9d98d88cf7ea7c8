;; There is nothing to be opened.
;;! output = "8 8 "
(module
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note32 (call $fd_prestat_get (i32.const 3) (i32.const 0)))
    (call $note32 (call $fd_prestat_get (i32.const 4) (i32.const 0)))
    (call $done)
    (i32.const 0)))
