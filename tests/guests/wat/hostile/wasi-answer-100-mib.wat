;; An answer of 100 MiB, which is there. (Of more than 128 MiB upstream takes nothing: the call fails.)
;;! abi = "wasi"
;;! limits.memory = 268_435_456
;;! failure = "limit"
;;! texts = ['message size limit of 16777216']
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "_start")
    (drop (memory.grow (i32.const 1601)))
    (i32.store (i32.const 128) (i32.const 0))
    (i32.store (i32.const 132) (i32.const 0x6400000))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
