;; A policy needs no memory, or has it under another name.
;;! output = "0"
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory (export "other") 1)
  (func (export "Execute") (result i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $block) (i32.const 48))
    (call $output_set (local.get $block) (i64.const 1))
    (i32.const 0)))
