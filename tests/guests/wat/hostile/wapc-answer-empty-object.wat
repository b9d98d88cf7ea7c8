;; An answer without `accepted`.
;;! abi = "wapc"
;;! failure = "protocol"
;;! texts = ['missing field `accepted` at line 1 column 2']
;;! message = 'internal server error: invalid response from policy: missing field `accepted` at line 1 column 2'
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "{}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $__guest_response (i32.const 256) (i32.const 2))
    (i32.const 1)))
