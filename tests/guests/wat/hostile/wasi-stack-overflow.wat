;; Recurses without end.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['call stack exhausted']
(module
  (memory (export "memory") 1)
  (func $deeper (call $deeper) (call $deeper))
  (func (export "_start")
    (call $deeper)))
