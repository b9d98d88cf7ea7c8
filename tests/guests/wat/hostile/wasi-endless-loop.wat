;; Never returns. In WASI mode upstream has no message for it.
;;! abi = "wasi"
;;! limits.wall_time_ms = 50
;;! failure = "timeout"
;;! message = ''
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop $again (br $again))
))
