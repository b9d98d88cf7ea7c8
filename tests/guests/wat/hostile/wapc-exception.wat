;; Throws what nobody catches.
;;! abi = "wapc"
;;! failure = "trap"
(module
  (memory (export "memory") 1)
  (tag $oops)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (throw $oops)))
