;; A data segment that does not fit.
;;! abi = "wapc"
;;! failure = "instantiate"
;;! texts = ['out of bounds memory access']
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 65535) "too long")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 0)))
