;; Grows its memory beyond what 32 bits can address.
;;! abi = "wapc"
;;! limits.memory = 8_388_608
;;! failure = "protocol"
;;! texts = ['No error message']
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.add (i32.const 1) (memory.grow (i32.const 65536)))))
