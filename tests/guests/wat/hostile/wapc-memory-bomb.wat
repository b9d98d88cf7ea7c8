;; Wants all the memory there is.
;;! abi = "wapc"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again (drop (memory.grow (i32.const 16))) (br $again))
    unreachable))
