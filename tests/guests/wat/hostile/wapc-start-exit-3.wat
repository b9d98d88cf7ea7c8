;; `_start` ends with 3.
;;! abi = "wapc"
;;! failure = "instantiate"
;;! texts = ['exit status 3']
;;! message_starts = 'internal server error: Initialization failed: Initialization failed: error while executing at wasm backtrace:'
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "_start") (call $proc_exit (i32.const 3)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 0)))
