;; An answer of 4 MiB that would make a patch of a hundred, one operation for each item.
;;! abi = "wasi"
;;! request = '{"object": {"a": []}}'
;;! failure = "limit"
;;! texts = ['patch size limit of 33554432 bytes']
;;! message = 'internal server error: the policy exceeded its patch size limit of 33554432 bytes (32 MiB)'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 65)
  (data (i32.const 0) "{\"accepted\":true,\"mutated_object\":{\"a\":[")
  (data (i32.const 1024) "0]}}")
  (func $answer (result i32)
    (local $at i32)
    (memory.copy (i32.const 4096) (i32.const 0) (i32.const 40))
    (local.set $at (i32.const 4136))
    (loop $more
      (i32.store16 (local.get $at) (i32.const 0x2c30))
      (local.set $at (i32.add (local.get $at) (i32.const 2)))
      (br_if $more (i32.lt_u (local.get $at) (i32.const 4_194_304))))
    (memory.copy (local.get $at) (i32.const 1024) (i32.const 4))
    (i32.sub (i32.add (local.get $at) (i32.const 4)) (i32.const 4096)))
  (func (export "_start")
    (i32.store (i32.const 2048) (i32.const 4096))
    (i32.store (i32.const 2052) (call $answer))
    (drop (call $fd_write (i32.const 1) (i32.const 2048) (i32.const 1) (i32.const 2056)))))
