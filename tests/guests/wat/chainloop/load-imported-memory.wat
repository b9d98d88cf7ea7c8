;; Its memory is not for the taking.
;;! failure = "load"
;;! texts = ['"memory" is not exported in module "env"']
(module
  (import "env" "memory" (memory 1))
  (func (export "Execute") (result i32) (i32.const 0)))
