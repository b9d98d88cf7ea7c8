;; Calls the host twice before it reads anything: payload and both answers come out of stdin in a row. Accepts, and
;; shows what it read on stderr.
(module
  (import "wasi_unstable" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_unstable" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "kubewarden:javy/host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "relay")
  (data (i32.const 64) "{\"accepted\":true}")
  (func $call (drop (call $host_call
    (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 5) (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 0))))
  (func (export "_start")
    (call $call)
    (call $call)
    (i32.store (i32.const 32) (i32.const 1024))
    (i32.store (i32.const 36) (i32.const 65536))
    (if (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)) (then unreachable))
    (i32.store (i32.const 36) (i32.load (i32.const 40)))
    (if (call $fd_write (i32.const 2) (i32.const 32) (i32.const 1) (i32.const 40)) (then unreachable))
    (i32.store (i32.const 32) (i32.const 64))
    (i32.store (i32.const 36) (i32.const 17))
    (if (call $fd_write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40)) (then unreachable))))
