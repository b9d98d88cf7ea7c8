;; Passes stdin on to the host and the host's answer to stdout (stderr and exit code 1 for an error): the test decides
;; what the policy says. The second argument and stdin become operation and payload of a host call in the namespace `relay`.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 8)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "relay")
  ;; Reads until a read gives nothing, 100 bytes at a time; returns how many there were.
  (func $drain (param $to i32) (result i32)
    (local $total i32)
    (loop $more
      (i32.store (i32.const 32) (i32.add (local.get $to) (local.get $total)))
      (i32.store (i32.const 36) (i32.const 100))
      (if (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)) (then unreachable))
      (local.set $total (i32.add (local.get $total) (i32.load (i32.const 40))))
      (br_if $more (i32.load (i32.const 40))))
    (local.get $total))
  ;; Writes all of it, however little a write takes.
  (func $print (param $fd i32) (param $from i32) (param $len i32)
    (loop $more
      (i32.store (i32.const 32) (local.get $from))
      (i32.store (i32.const 36) (local.get $len))
      (if (call $fd_write (local.get $fd) (i32.const 32) (i32.const 1) (i32.const 40)) (then unreachable))
      (local.set $from (i32.add (local.get $from) (i32.load (i32.const 40))))
      (local.set $len (i32.sub (local.get $len) (i32.load (i32.const 40))))
      (br_if $more (local.get $len))))
  (func (export "_start")
    (local $operation i32) (local $operation_len i32) (local $len i32) (local $failed i32)
    ;; argv: two pointers at 64, the texts with their NULs at 256.
    (if (call $args_sizes_get (i32.const 48) (i32.const 52)) (then unreachable))
    (if (i32.ne (i32.load (i32.const 48)) (i32.const 2)) (then unreachable))
    (if (call $args_get (i32.const 64) (i32.const 256)) (then unreachable))
    (local.set $operation (i32.load (i32.const 68)))
    (local.set $operation_len
      (i32.sub (i32.add (i32.const 255) (i32.load (i32.const 52))) (local.get $operation)))
    (local.set $len (call $drain (i32.const 1024)))
    (local.set $failed (call $host_call
      (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 5)
      (local.get $operation) (local.get $operation_len) (i32.const 1024) (local.get $len)))
    (local.set $len (call $drain (i32.const 262144)))
    (if (local.get $failed)
      (then
        (call $print (i32.const 2) (i32.const 262144) (local.get $len))
        (call $proc_exit (i32.const 1))))
    (call $print (i32.const 1) (i32.const 262144) (local.get $len))))
