;; `__console_log` with a bad range.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['`__console_log` was given 4294967295 bytes at 0x8, which is outside of the 65536 bytes']
(module
  (import "wapc" "__console_log" (func $__console_log (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__console_log (i32.const 8) (i32.const -1))
    (i32.const 1)))
