;; Blocks and linear memory count together.
;;! limits = { memory = 10000000 }
;;! failure = "limit"
(module
  ;; HELPERS
  (func (export "Execute")
    (drop (call $alloc (i64.const 6000000)))
    (drop (memory.grow (i32.const 92)))))
