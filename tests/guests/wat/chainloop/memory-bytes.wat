;; The memory of the blocks grows when it must.
;;! output = "1 1 "
(module
  (import "extism:host/env" "memory_bytes" (func $memory_bytes (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32) (local $before i64)
    (local.set $before (call $memory_bytes))
    (call $note32 (i64.gt_u (local.get $before) (i64.const 0)))
    (drop (call $alloc (i64.const 200000)))
    (call $note32 (i64.ge_u (call $memory_bytes) (i64.add (local.get $before) (i64.const 131072))))
    (call $done)
    (i32.const 0)))
