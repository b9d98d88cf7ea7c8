;; One block that is larger than the limit.
;;! failure = "limit"
;;! texts = ['memory limit of 1073741824 bytes']
;;! peak_below = 1000000
(module
  ;; HELPERS
  (func (export "Execute")
    (drop (call $alloc (i64.const 2147483648)))))
