;; Grows a second memory to more bytes than there are numbers for.
;;! abi = "wapc"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (memory $big i64 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.wrap_i64 (i64.add (i64.const 1) (memory.grow $big (i64.const 0x1_0000_0000_0000))))))
