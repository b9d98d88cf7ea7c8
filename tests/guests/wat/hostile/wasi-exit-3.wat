;; Ends with 3 and an explanation; what is on stdout does not count.
;;! abi = "wasi"
;;! failure = "guest"
;;! texts = ['"hi"']
;;! message = '"hi"'
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 48) "\22hi\22")
  (data (i32.const 64) "{\22accepted\22:true}")
  (func (export "_start")
    (i32.store (i32.const 128) (i32.const 64))
    (i32.store (i32.const 132) (i32.const 17))
    (drop (call $fd_write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 144)))
    (i32.store (i32.const 128) (i32.const 48))
    (i32.store (i32.const 132) (i32.const 4))
    (drop (call $fd_write (i32.const 2) (i32.const 128) (i32.const 1) (i32.const 144)))
    (call $proc_exit (i32.const 3))))
