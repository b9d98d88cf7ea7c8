;; A Rego policy.
;;! failure = "load"
;;! texts = ['a Rego policy (it has `opa_eval`)', 'not supported yet']
(module (import "env" "memory" (memory 5)) (func (export "opa_eval")))
