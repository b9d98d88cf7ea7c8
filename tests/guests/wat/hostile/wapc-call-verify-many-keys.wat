;; More public keys than anybody signs an image with.
;;! abi = "wapc"
;;! failure = "unanswerable"
;;! texts = ['demands 20000 signatures of one image']
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
  (memory (export "memory") 2)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "oci")
  (data (i32.const 64) "v1/verify")
  (data (i32.const 128) "{\22accepted\22:true}")
  (data (i32.const 1024) "{\22SigstorePubKeyVerify\22:{\22image\22:\22reg.example/app:1\22,\22pub_keys\22:[\22\22")
  (data (i32.const 2048) ",\22\22")
  (data (i32.const 4096) "]}}")
  ;; The payload: the beginning, 19999 chunks, the end.
  (func $payload (result i32)
    (local $at i32) (local $i i32)
    (memory.copy (i32.const 65536) (i32.const 1024) (i32.const 67))
    (local.set $at (i32.const 65603))
    (loop $chunks
      (memory.copy (local.get $at) (i32.const 2048) (i32.const 3))
      (local.set $at (i32.add (local.get $at) (i32.const 3)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $chunks (i32.lt_u (local.get $i) (i32.const 19999))))
    (memory.copy (local.get $at) (i32.const 4096) (i32.const 3))
    (i32.sub (i32.add (local.get $at) (i32.const 3)) (i32.const 65536)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 3) (i32.const 64) (i32.const 9)
      (i32.const 65536) (call $payload)))
    (call $respond (i32.const 128) (i32.const 17))
    (i32.const 1)))
