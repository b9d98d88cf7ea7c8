;; An input that is larger than the limit.
;;! input_size = 2000000
;;! limits = { memory = 1000000 }
;;! failure = "limit"
;;! host_error_starts = "out of memory: "
(module
  (func (export "Execute") (result i32) (i32.const 0)))
