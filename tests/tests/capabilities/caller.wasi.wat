;; Makes the host calls that a test puts in, one after the other, and writes each answer to stderr behind `+`, each error
;; behind `-`, and a NUL after it.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 32)
  (data (i32.const 0) "{\"accepted\":true,\"valid\":true}")
  ;; DATA
  ;; Reads until a read gives nothing; returns how many bytes there were.
  (func $drain (param $to i32) (result i32)
    (local $total i32)
    (loop $more
      (i32.store (i32.const 32) (i32.add (local.get $to) (local.get $total)))
      (i32.store (i32.const 36) (i32.const 4096))
      (if (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)) (then unreachable))
      (local.set $total (i32.add (local.get $total) (i32.load (i32.const 40))))
      (br_if $more (i32.load (i32.const 40))))
    (local.get $total))
  (func $print (param $fd i32) (param $from i32) (param $len i32)
    (loop $more
      (i32.store (i32.const 32) (local.get $from))
      (i32.store (i32.const 36) (local.get $len))
      (if (call $fd_write (local.get $fd) (i32.const 32) (i32.const 1) (i32.const 40)) (then unreachable))
      (local.set $from (i32.add (local.get $from) (i32.load (i32.const 40))))
      (local.set $len (i32.sub (local.get $len) (i32.load (i32.const 40))))
      (br_if $more (local.get $len))))
  (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32)
    (local $len i32)
    (i32.store8 (i32.const 1048576) (select (i32.const 45) (i32.const 43)
      (call $host_call
        (local.get 0) (local.get 1) (local.get 2) (local.get 3)
        (local.get 4) (local.get 5) (local.get 6) (local.get 7))))
    (local.set $len (call $drain (i32.const 1048577)))
    (i32.store8 (i32.add (local.get $len) (i32.const 1048577)) (i32.const 0))
    (call $print (i32.const 2) (i32.const 1048576) (i32.add (local.get $len) (i32.const 2))))
  (func (export "_start")
    (drop (call $drain (i32.const 1048577)))
    (drop (call $args (i32.const 48) (i32.const 64)))
    ;; the byte after "validate" is a hyphen in "validate-settings"
    (if (i32.ne (i32.load8_u offset=8 (i32.load (i32.const 52))) (i32.const 45)) (then
    ;; CALLS
    ))
    (call $print (i32.const 1) (i32.const 0) (i32.const 30))))
