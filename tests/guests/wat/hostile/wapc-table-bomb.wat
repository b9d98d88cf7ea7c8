;; Grows a table without end.
;;! abi = "wapc"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (table $t 1 funcref)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again (drop (table.grow $t (ref.null func) (i32.const 4096))) (br $again))
    unreachable))
