;; An answer to the settings check that is not JSON.
;;! abi = "wasi"
;;! operation = "validate_settings"
;;! failure = "protocol"
;;! texts = ['expected value']
;;! message = 'Cannot deserialize settings validation response: expected value at line 1 column 1'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 32) "say")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 32))
    (i32.store (i32.const 132) (i32.const 3))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))))
