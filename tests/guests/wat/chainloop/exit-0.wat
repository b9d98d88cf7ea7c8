;; A program that ends well has said what it had to say.
;;! output = "{}"
;;! return_code = 0
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  ;; HELPERS
  (data (i32.const 0) "boom{}")
  (func (export "Execute") (result i32)
    (call $say (i32.const 4) (i32.const 2))
    (call $proc_exit (i32.const 0))
    unreachable))
