;; Linear memory without end.
;;! limits = { memory = 16777216 }
;;! failure = "limit"
;;! host_error_starts = "out of memory: "
(module
  (memory 1)
  (func (export "Execute")
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (br $again))))
