;; `__console_log` with a bad range.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__console_log` was given 16 bytes at 0xfffa, which is outside of the 65536 bytes']
(module
  (import "wapc" "__console_log" (func $__console_log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__console_log (i32.const 65530) (i32.const 16))
    (i32.const 1)))
