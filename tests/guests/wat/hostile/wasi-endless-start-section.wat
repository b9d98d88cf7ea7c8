;; The start section never returns.
;;! abi = "wasi"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
(module
  (memory (export "memory") 1)
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "_start")
    nop))
