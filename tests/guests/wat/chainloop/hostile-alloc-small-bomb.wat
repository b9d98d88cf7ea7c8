;; The smallest blocks without end: what the host remembers of them counts as well.
;;! limits = { memory = 16777216, wall_time_ms = 20000 }
;;! failure = "limit"
;;! host_error_starts = "out of memory: "
(module
  ;; HELPERS
  (func (export "Execute")
    (loop $again
      (drop (call $alloc (i64.const 1)))
      (br $again))))
