;; Uses more fuel than it was given.
;;! abi = "wasi"
;;! limits.fuel = 10_000
;;! failure = "limit"
;;! texts = ['fuel limit of 10000']
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop $again (br $again))
))
