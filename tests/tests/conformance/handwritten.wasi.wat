;; Does what a case says. Reports to stderr: `=` and what it was given, `+` and a host's answer, `-` and a host's error, each
;; with a NUL behind it.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 32)
  ;; DATA
  ;; Reads until a read gives nothing; returns how many bytes there were.
  (func $drain (param $to i32) (result i32)
    (local $total i32)
    (loop $more
      (i32.store (i32.const 0) (i32.add (local.get $to) (local.get $total)))
      (i32.store (i32.const 4) (i32.const 4096))
      (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
      (local.set $total (i32.add (local.get $total) (i32.load (i32.const 8))))
      (br_if $more (i32.load (i32.const 8))))
    (local.get $total))
  (func $print (param $fd i32) (param $from i32) (param $len i32)
    (if (i32.eqz (local.get $len)) (then (return)))
    (loop $more
      (i32.store (i32.const 0) (local.get $from))
      (i32.store (i32.const 4) (local.get $len))
      (if (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
      (local.set $from (i32.add (local.get $from) (i32.load (i32.const 8))))
      (local.set $len (i32.sub (local.get $len) (i32.load (i32.const 8))))
      (br_if $more (local.get $len))))
  ;; The byte before the text is free for the sign, the one behind it for the NUL.
  (func $report (param $sign i32) (param $from i32) (param $len i32)
    (i32.store8 (i32.sub (local.get $from) (i32.const 1)) (local.get $sign))
    (i32.store8 (i32.add (local.get $from) (local.get $len)) (i32.const 0))
    (call $print (i32.const 2) (i32.sub (local.get $from) (i32.const 1)) (i32.add (local.get $len) (i32.const 2))))
  ;; The arguments, with their NULs.
  (func $say_arguments
    (if (call $args_sizes_get (i32.const 16) (i32.const 20)) (then unreachable))
    (if (call $args_get (i32.const 32) (i32.const 524289)) (then unreachable))
    (call $report (i32.const 61) (i32.const 524289) (i32.sub (i32.load (i32.const 20)) (i32.const 1))))
  (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32)
    (local $sign i32)
    (local.set $sign (select (i32.const 43) (i32.const 45) (i32.eqz
      (call $host_call
        (local.get 0) (local.get 1) (local.get 2) (local.get 3)
        (local.get 4) (local.get 5) (local.get 6) (local.get 7)))))
    (call $report (local.get $sign) (i32.const 1048577) (call $drain (i32.const 1048577))))
  (func (export "_start")
    (local $payload i32)
    (local.set $payload ;; DRAIN
    )
    ;; STEPS
    ))
