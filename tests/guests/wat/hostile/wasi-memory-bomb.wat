;; Wants all the memory there is.
;;! abi = "wasi"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (func (export "_start")
    (loop $again (drop (memory.grow (i32.const 16))) (br $again))
))
