;; Grows its memory, and lets growing fail in between, which must not be taken for giving back.
;;! abi = "wapc"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "echo")
  (memory $small 1 1000)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (loop $again
      (drop (memory.grow $small (i32.const 16)))
      (drop (memory.grow $small (i32.const 65536)))
      (br $again))
    unreachable))
