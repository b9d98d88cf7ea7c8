;; An answer without `accepted`.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['missing field `accepted` at line 1 column 2']
;;! message = 'internal server error: Cannot deserialize policy validation response: missing field `accepted` at line 1 column 2'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "{}")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 256))
    (i32.store (i32.const 132) (i32.const 2))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
