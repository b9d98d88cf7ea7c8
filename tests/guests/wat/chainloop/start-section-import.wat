;; A start section that asks the host for anything.
;;! failure = "instantiate"
;;! host_error = "instantiating module: Invalid context, `extism` key not found"
(module
  ;; HELPERS
  (start $start)
  (func $start (drop (call $alloc (i64.const 1))))
  (func (export "Execute") (result i32)
    
    (i32.const 0)))
