;; A function that is not there.
;;! failure = "load"
;;! texts = ['imports `extism:host/env::nope`, which Chainloop does not have', '"nope" is not exported in module "extism:host/env"', '`input_load_u64`']
(module
  (import "extism:host/env" "nope" (func))
  (func (export "Execute") (result i32) (i32.const 0)))
