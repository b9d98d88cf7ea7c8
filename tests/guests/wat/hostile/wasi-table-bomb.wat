;; Grows a table without end.
;;! abi = "wasi"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (table $t 1 funcref)
  (func (export "_start")
    (loop $again (drop (table.grow $t (ref.null func) (i32.const 4096))) (br $again))
))
