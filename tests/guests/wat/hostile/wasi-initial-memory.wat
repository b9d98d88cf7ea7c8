;; Starts with more memory than the limit.
;;! abi = "wasi"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1000)
  (func (export "_start")
    nop))
