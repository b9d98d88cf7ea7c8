;; A start section that traps.
;;! failure = "instantiate"
;;! host_error = "instantiating module: wasm error: unreachable"
(module
  (start $start)
  (func $start unreachable)
  (func (export "Execute") (result i32) (i32.const 0)))
