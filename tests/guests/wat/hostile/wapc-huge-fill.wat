;; Fills its memory again and again, in one instruction each.
;;! abi = "wapc"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 2000)))
    (loop $again (memory.fill (i32.const 0) (i32.const 7) (i32.const 131000000)) (br $again))
    unreachable))
