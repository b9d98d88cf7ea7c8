;; The policy of the crate's documentation, for Chainloop: whatever the material is, there is one violation.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory (export "memory") 1)
  (data (i32.const 0) "{\"skipped\":false,\"violations\":[\"component `left-pad` has no license\"],\"skip_reason\":\"\",\"ignore\":false}")
  (func (export "Execute") (result i32) (local $at i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 102)))
    (loop $byte
      (call $store_u8 (i64.add (local.get $block) (i64.extend_i32_u (local.get $at))) (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $byte (i32.lt_u (local.get $at) (i32.const 102))))
    (call $output_set (local.get $block) (i64.const 102))
    (i32.const 0)))
