;; Uses more fuel than it was given.
;;! abi = "wapc"
;;! limits.fuel = 10_000
;;! failure = "limit"
;;! texts = ['fuel limit of 10000']
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again (br $again))
    unreachable))
