;; Makes the host calls that a test puts in, one after the other, and logs each answer behind `+`, each error behind `-`.
(module
  (import "wapc" "__guest_request" (func $guest_request (param i32 i32)))
  (import "wapc" "__guest_response" (func $guest_response (param i32 i32)))
  (import "wapc" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wapc" "__host_response_len" (func $host_response_len (result i32)))
  (import "wapc" "__host_response" (func $host_response (param i32)))
  (import "wapc" "__host_error_len" (func $host_error_len (result i32)))
  (import "wapc" "__host_error" (func $host_error (param i32)))
  (import "wapc" "__console_log" (func $log (param i32 i32)))
  (memory (export "memory") 32)
  (data (i32.const 0) "{\"accepted\":true,\"valid\":true}")
  ;; DATA
  (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32)
    (if (call $host_call
          (local.get 0) (local.get 1) (local.get 2) (local.get 3)
          (local.get 4) (local.get 5) (local.get 6) (local.get 7))
      (then
        (i32.store8 (i32.const 1048576) (i32.const 43))
        (call $host_response (i32.const 1048577))
        (call $log (i32.const 1048576) (i32.add (call $host_response_len) (i32.const 1)))
        (return)))
    (i32.store8 (i32.const 1048576) (i32.const 45))
    (call $host_error (i32.const 1048577))
    (call $log (i32.const 1048576) (i32.add (call $host_error_len) (i32.const 1))))
  (func (export "__guest_call") (param i32 i32) (result i32)
    ;; "validate", and not "validate_settings"
    (if (i32.eq (local.get 0) (i32.const 8)) (then
    ;; CALLS
    ))
    (call $guest_response (i32.const 0) (i32.const 30))
    (i32.const 1)))
