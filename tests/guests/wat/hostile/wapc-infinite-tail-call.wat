;; Calls itself without end, and without a stack.
;;! abi = "wapc"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
(module
  (memory (export "memory") 1)
  (func $self (param i32 i32) (result i32) (return_call $self (local.get 0) (local.get 1)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (return_call $self (local.get 0) (local.get 1))))
