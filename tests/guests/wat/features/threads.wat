;; Atomic operations.
;; kubewarden: runs
;; chainloop: refuses
(module
  (import "wapc" "__guest_request" (func $request (param i32 i32)))
  (import "wapc" "__guest_response" (func $answer (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\"v1\"{\"valid\":true,\"accepted\":true}")
  (func (export "__guest_call") (param $op i32) (param $len i32) (result i32)
    (drop (i32.atomic.rmw.add (i32.const 1000) (i32.const 1)))
    (if (i32.eq (local.get $op) (i32.const 16))
      (then (call $answer (i32.const 0) (i32.const 4)))
      (else (call $answer (i32.const 4) (i32.const 30))))
    (i32.const 1)))
