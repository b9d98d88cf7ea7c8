;; A chain of certificates that is longer than any, for an image.
;;! abi = "wapc"
;;! failure = "unanswerable"
;;! texts = ['certificate chain has 15000 certificates']
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
  (data (i32.const 64) "v2/verify")
  (data (i32.const 128) "{\22accepted\22:true}")
  (data (i32.const 1024) "{\22type\22:\22SigstoreCertificateVerify\22,\22image\22:\22reg.example/app:1\22,\22certificate\22:[],\22require_rekor_bundle\22:false,\22certificate_chain\22:[[]")
  (data (i32.const 2048) ",[]")
  (data (i32.const 4096) "]}")
  ;; The payload: the beginning, 14999 chunks, the end.
  (func $payload (result i32)
    (local $at i32) (local $i i32)
    (memory.copy (i32.const 65536) (i32.const 1024) (i32.const 133))
    (local.set $at (i32.const 65669))
    (loop $chunks
      (memory.copy (local.get $at) (i32.const 2048) (i32.const 3))
      (local.set $at (i32.add (local.get $at) (i32.const 3)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $chunks (i32.lt_u (local.get $i) (i32.const 14999))))
    (memory.copy (local.get $at) (i32.const 4096) (i32.const 2))
    (i32.sub (i32.add (local.get $at) (i32.const 2)) (i32.const 65536)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 3) (i32.const 64) (i32.const 9)
      (i32.const 65536) (call $payload)))
    (call $respond (i32.const 128) (i32.const 17))
    (i32.const 1)))
