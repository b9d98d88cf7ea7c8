;; A chain of certificates that is longer than any.
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
  (memory (export "memory") 8)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "crypto")
  (data (i32.const 64) "v1/is_certificate_trusted")
  (data (i32.const 128) "{\22accepted\22:true}")
  (data (i32.const 1024) "{\22cert\22:{\22encoding\22:\22Der\22,\22data\22:[]},\22cert_chain\22:[{\22encoding\22:\22Der\22,\22data\22:[]}")
  (data (i32.const 2048) ",{\22encoding\22:\22Der\22,\22data\22:[]}")
  (data (i32.const 4096) "]}")
  ;; The payload: the beginning, 14999 chunks, the end.
  (func $payload (result i32)
    (local $at i32) (local $i i32)
    (memory.copy (i32.const 65536) (i32.const 1024) (i32.const 79))
    (local.set $at (i32.const 65615))
    (loop $chunks
      (memory.copy (local.get $at) (i32.const 2048) (i32.const 29))
      (local.set $at (i32.add (local.get $at) (i32.const 29)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $chunks (i32.lt_u (local.get $i) (i32.const 14999))))
    (memory.copy (local.get $at) (i32.const 4096) (i32.const 2))
    (i32.sub (i32.add (local.get $at) (i32.const 2)) (i32.const 65536)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (call $host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 6) (i32.const 64) (i32.const 25)
      (i32.const 65536) (call $payload)))
    (call $respond (i32.const 128) (i32.const 17))
    (i32.const 1)))
