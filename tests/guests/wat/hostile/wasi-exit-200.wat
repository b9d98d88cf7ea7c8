;; Ends with a status that WASI does not have.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['invalid exit status']
;;! message = ''
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (call $proc_exit (i32.const 200))))
