;; Reads beyond its memory.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['out of bounds memory access']
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.load (i32.const -8))))
