;; A policy that sets no output gives nothing.
;;! output = ""
;;! return_code = 0
(module
  (func (export "Execute")))
