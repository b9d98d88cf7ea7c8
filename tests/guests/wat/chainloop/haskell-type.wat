;; A `hs_init` that wants less than it is given.
;;! failure = "trap"
;;! host_error = "failed to initialize runtime: expected 1 params, but passed 2"
(module
  (func (export "hs_init") (param i32))
  (func (export "Execute") (result i32) (i32.const 0)))
