;; Has a second memory, of a kind that the limits cannot see.
;;! abi = "wapc"
;;! failure = "instantiate"
;;! texts = ['shared memor']
(module
  (memory (export "memory") 1)
  (memory $shared 1 65536 shared)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 1)))
