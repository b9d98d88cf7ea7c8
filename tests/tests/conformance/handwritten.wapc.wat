;; Does what a case says. Reports through the console: `=` and what it was given, `+` and a host's answer, `-` and a host's
;; error.
(module
  (import "wapc" "__guest_request" (func $guest_request (param i32 i32)))
  (import "wapc" "__guest_response" (func $guest_response (param i32 i32)))
  (import "wapc" "__guest_error" (func $guest_error (param i32 i32)))
  (import "wapc" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wapc" "__host_response_len" (func $host_response_len (result i32)))
  (import "wapc" "__host_response" (func $host_response (param i32)))
  (import "wapc" "__host_error_len" (func $host_error_len (result i32)))
  (import "wapc" "__host_error" (func $host_error (param i32)))
  (import "wapc" "__console_log" (func $console (param i32 i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 32)
  ;; DATA
  (func $print (param $fd i32) (param $from i32) (param $len i32)
    (i32.store (i32.const 0) (local.get $from))
    (i32.store (i32.const 4) (local.get $len))
    (if (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable)))
  (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32)
    (if (i32.eq (i32.const 1) (call $host_call
          (local.get 0) (local.get 1) (local.get 2) (local.get 3)
          (local.get 4) (local.get 5) (local.get 6) (local.get 7)))
      (then
        (i32.store8 (i32.const 1048576) (i32.const 43))
        (call $host_response (i32.const 1048577))
        (call $console (i32.const 1048576) (i32.add (call $host_response_len) (i32.const 1)))
        (return)))
    (i32.store8 (i32.const 1048576) (i32.const 45))
    (call $host_error (i32.const 1048577))
    (call $console (i32.const 1048576) (i32.add (call $host_error_len) (i32.const 1))))
  (func (export "__guest_call") (param $operation i32) (param $payload i32) (result i32)
    (i32.store8 (i32.const 524288) (i32.const 61))
    (i32.store8 (i32.const 786432) (i32.const 61))
    (call $guest_request (i32.const 524289) (i32.const 786433))
    ;; STEPS
    (i32.const 1)))
