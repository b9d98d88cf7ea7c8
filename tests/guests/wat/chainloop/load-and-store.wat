;; Bytes are the lower eight bits of a number, words are little endian and may lie anywhere.
;;! output = "52 513 2 1 578437695752307201 "
(module
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  ;; HELPERS
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 32)))
    (call $store_u8 (local.get $block) (i32.const 0x1234))
    (call $note32 (call $load_u8 (local.get $block)))
    (call $store_u64 (i64.add (local.get $block) (i64.const 3)) (i64.const 513))
    (call $note (call $load_u64 (i64.add (local.get $block) (i64.const 3))))
    (call $note32 (call $load_u8 (i64.add (local.get $block) (i64.const 4))))
    (call $note32 (call $load_u8 (i64.add (local.get $block) (i64.const 3))))
    (call $store_u64 (i64.add (local.get $block) (i64.const 16)) (i64.const 0x0807060504030201))
    (call $note (call $load_u64 (i64.add (local.get $block) (i64.const 16))))
    (call $done)
    (i32.const 0)))
