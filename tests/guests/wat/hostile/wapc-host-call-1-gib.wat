;; A host call payload of 1 GiB, which is there.
;;! abi = "wapc"
;;! limits.memory = 2_147_483_648
;;! failure = "limit"
;;! texts = ['message size limit of 16777216']
(module
  (import "wapc" "__host_call" (func $__host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (data (i32.const 16) "echo")
  (data (i32.const 32) "say")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 16385)))
    (call $__host_call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 3) (i32.const 0) (i32.const 0x40000000))))
