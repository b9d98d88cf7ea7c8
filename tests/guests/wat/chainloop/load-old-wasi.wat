;; Chainloop has one WASI, and it is not the oldest.
;;! failure = "load"
;;! texts = ['module[wasi_unstable] not instantiated']
(module
  (import "wasi_unstable" "proc_exit" (func (param i32)))
  (func (export "Execute") (result i32) (i32.const 0)))
