;; Ends the process with 0 in the middle of a call.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['exit status 0']
;;! message_starts = "internal server error: Guest call failure: error while executing at wasm backtrace:\n    0:"
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $proc_exit (i32.const 0))
    (i32.const 1)))
