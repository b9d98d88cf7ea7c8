;; A code that does not fit.
;;! abi = "wapc"
;;! failure = "protocol"
;;! texts = ['invalid value: integer `70000`, expected u16 at line 1 column 30']
;;! message = 'internal server error: invalid response from policy: invalid value: integer `70000`, expected u16 at line 1 column 30'
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "{\22accepted\22:false,\22code\22:70000}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 256) (i32.const 31))
    (i32.const 1)))
