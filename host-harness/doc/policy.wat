;; The policy of the crate's documentation, for Kubewarden. It says what it does in the log, asks the host for the address of
;; db.example, and labels the Pod `web` of the shop when there is one; it rejects when there is none.
(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (import "wapc" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden" "tracing" "log" "net" "v1/dns_lookup_host" "\"db.example\"")
  (data (i32.const 64) "{\"level\":\"info\",\"message\":\"looking up db.example\"}")
  (data (i32.const 128) "{\"valid\":true}")
  (data (i32.const 160) "{\"accepted\":false,\"message\":\"db.example has no address\",\"code\":403}")
  (data (i32.const 256) "{\"accepted\":true,\"mutated_object\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"labels\":{\"db\":\"up\"},\"name\":\"web\",\"namespace\":\"shop\"}}}")
  (func (export "__guest_call") (param $operation i32) (param $payload i32) (result i32)
    ;; The length of "validate_settings".
    (if (i32.eq (local.get $operation) (i32.const 17))
      (then (call $respond (i32.const 128) (i32.const 14)) (return (i32.const 1))))
    (drop (call $host_call
      (i32.const 0) (i32.const 10) (i32.const 10) (i32.const 7) (i32.const 17) (i32.const 3) (i32.const 64) (i32.const 50)))
    (if (call $host_call
          (i32.const 0) (i32.const 10) (i32.const 20) (i32.const 3) (i32.const 23) (i32.const 18) (i32.const 41) (i32.const 12))
      (then (call $respond (i32.const 256) (i32.const 133)))
      (else (call $respond (i32.const 160) (i32.const 67))))
    (i32.const 1)))
