;; Memory that is copied and filled, a passive segment.
;; kubewarden: runs
;; chainloop: runs
(module
  (import "wapc" "__guest_request" (func $request (param i32 i32)))
  (import "wapc" "__guest_response" (func $answer (param i32 i32)))
  (data $passive "abc")
  (memory (export "memory") 1)
  (data (i32.const 0) "\"v1\"{\"valid\":true,\"accepted\":true}")
  (func (export "__guest_call") (param $op i32) (param $len i32) (result i32)
    (memory.fill (i32.const 1000) (i32.const 1) (i32.const 10))
    (memory.copy (i32.const 2000) (i32.const 1000) (i32.const 10))
    (memory.init $passive (i32.const 3000) (i32.const 0) (i32.const 3))
    (data.drop $passive)
    (if (i32.eq (local.get $op) (i32.const 16))
      (then (call $answer (i32.const 0) (i32.const 4)))
      (else (call $answer (i32.const 4) (i32.const 30))))
    (i32.const 1)))
