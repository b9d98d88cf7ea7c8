;; A console line that is not UTF-8.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['__console_log: cannot convert the text to UTF8']
(module
  (import "wapc" "__console_log" (func $__console_log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 96) "\ff\fe")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__console_log (i32.const 96) (i32.const 2))
    (i32.const 0)))
