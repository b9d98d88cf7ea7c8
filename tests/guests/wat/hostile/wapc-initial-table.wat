;; Starts with a table of 800 MB.
;;! abi = "wapc"
;;! failure = "limit"
;;! texts = ['memory limit of 268435456']
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (table 100000000 funcref)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 0)))
