;; Field masks that would be a tree of several millions of nodes.
;;! abi = "wapc"
;;! failure = "unanswerable"
;;! texts = ['field masks have more than 10000 keys']
;;! world = """
;;! cluster: {objects: []}
;;! registry:
;;!   reg.example/app:1:
;;!     digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
;;!     signatures: [{issuer: a, subject: b}]
;;! """
(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (import "wapc" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 233)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "kubernetes")
  (data (i32.const 64) "list_resources_all")
  (data (i32.const 128) "{\22accepted\22:true}")
  (data (i32.const 1024) "{\22api_version\22:\22v1\22,\22kind\22:\22Pod\22,\22field_masks\22:[\22x\22")
  (data (i32.const 2048) ",\2200000000.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a\22")
  (data (i32.const 4096) "]}")
  ;; The payload: the beginning, 15000 chunks, the end.
  (func $payload (result i32)
    (local $at i32) (local $i i32) (local $digit i32)
    (memory.copy (i32.const 65536) (i32.const 1024) (i32.const 51))
    (local.set $at (i32.const 65587))
    (loop $chunks
      (memory.copy (local.get $at) (i32.const 2048) (i32.const 1011))
      ;; The number of the chunk makes it another one: 8 letters from `a` to `p`.
      (local.set $digit (i32.const 0))
      (loop $digits
        (i32.store8
          (i32.add (i32.add (local.get $at) (i32.const 2)) (local.get $digit))
          (i32.add (i32.const 97)
            (i32.and (i32.shr_u (local.get $i) (i32.mul (i32.const 4) (local.get $digit))) (i32.const 15))))
        (local.set $digit (i32.add (local.get $digit) (i32.const 1)))
        (br_if $digits (i32.lt_u (local.get $digit) (i32.const 8))))
      (local.set $at (i32.add (local.get $at) (i32.const 1011)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $chunks (i32.lt_u (local.get $i) (i32.const 15000))))
    (memory.copy (local.get $at) (i32.const 4096) (i32.const 2))
    (i32.sub (i32.add (local.get $at) (i32.const 2)) (i32.const 65536)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 10) (i32.const 64) (i32.const 18)
      (i32.const 65536) (call $payload)))
    (call $respond (i32.const 128) (i32.const 17))
    (i32.const 1)))
