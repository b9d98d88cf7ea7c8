;; A result may be an i64, of which the lower half is seen.
;;! output = ""
;;! return_code = 4294967295
(module
  (func (export "Execute") (result i64) (i64.const 0x1ffffffff)))
