;; Blocks without end.
;;! limits = { memory = 16777216, wall_time_ms = 20000 }
;;! failure = "limit"
;;! host_error_starts = "out of memory: "
;;! texts = ['memory limit of 16777216 bytes']
;;! peak_below = 16777217
(module
  ;; HELPERS
  (func (export "Execute")
    (loop $again
      (drop (call $alloc (i64.const 100000)))
      (br $again))))
