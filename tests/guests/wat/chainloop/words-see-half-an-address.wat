;; Words take the lower half of an address, bytes take all of it.
;;! output = "7 0 "
(module
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  ;; HELPERS
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 8)))
    (call $store_u64 (i64.add (local.get $block) (i64.const 4294967296)) (i64.const 7))
    (call $note (call $load_u64 (i64.add (local.get $block) (i64.const 8589934592))))
    (call $note32 (call $load_u8 (i64.add (local.get $block) (i64.const 4294967296))))
    (call $done)
    (i32.const 0)))
