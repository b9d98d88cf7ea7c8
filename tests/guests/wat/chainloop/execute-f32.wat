;; A result may be anything, of which the bits are seen.
;;! output = ""
;;! return_code = 1065353216
(module
  (func (export "Execute") (result f32) (f32.const 1)))
