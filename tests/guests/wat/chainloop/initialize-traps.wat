;; Without `_initialize` there is no call.
;;! failure = "trap"
;;! host_error = "failed to initialize runtime: wasm error: unreachable"
(module
  (func (export "_initialize") unreachable)
  (func (export "Execute") (result i32) (i32.const 0)))
