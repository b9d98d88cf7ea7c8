;; Grows a second memory, with 64-bit addresses.
;;! abi = "wapc"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (memory $big i64 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again (drop (memory.grow $big (i64.const 1))) (br $again))
    unreachable))
