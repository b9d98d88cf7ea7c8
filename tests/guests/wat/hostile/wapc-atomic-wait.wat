;; Waits for a notification that nobody sends.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['atomic wait on non-shared memory']
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
