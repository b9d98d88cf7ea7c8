;; An answer of 1 GiB, which is there.
;;! abi = "wapc"
;;! limits.memory = 2_147_483_648
;;! failure = "limit"
;;! texts = ['message size limit of 16777216']
(module
  (import "wapc" "__guest_response" (func $__guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 16385)))
    (call $__guest_response (i32.const 0) (i32.const 0x40000000))
    (i32.const 1)))
