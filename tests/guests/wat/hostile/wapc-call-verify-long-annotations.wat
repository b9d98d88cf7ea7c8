;; An error that repeats annotations of 1 MB for each of 500 keys.
;;! abi = "wapc"
;;! failure = "unanswerable"
;;! texts = ['is longer than 1 MiB']
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
  (memory (export "memory") 17)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "oci")
  (data (i32.const 64) "v1/verify")
  (data (i32.const 128) "{\22accepted\22:true}")
  (data (i32.const 1024) "{\22SigstorePubKeyVerify\22:{\22image\22:\22reg.example/app:1\22,\22pub_keys\22:[\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22,\22\22],\22annotations\22:{\22a\22:\22")
  (data (i32.const 2048) "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
  (data (i32.const 4096) "\22}}}")
  ;; The payload: the beginning, 1000 chunks, the end.
  (func $payload (result i32)
    (local $at i32) (local $i i32)
    (memory.copy (i32.const 65536) (i32.const 1024) (i32.const 686))
    (local.set $at (i32.const 66222))
    (loop $chunks
      (memory.copy (local.get $at) (i32.const 2048) (i32.const 1000))
      (local.set $at (i32.add (local.get $at) (i32.const 1000)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $chunks (i32.lt_u (local.get $i) (i32.const 1000))))
    (memory.copy (local.get $at) (i32.const 4096) (i32.const 4))
    (i32.sub (i32.add (local.get $at) (i32.const 4)) (i32.const 65536)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 3) (i32.const 64) (i32.const 9)
      (i32.const 65536) (call $payload)))
    (call $respond (i32.const 128) (i32.const 17))
    (i32.const 1)))
