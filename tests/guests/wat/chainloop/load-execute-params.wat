;; Nobody has a parameter for it.
;;! failure = "load"
;;! texts = ['exports `Execute` as function (i32) -> (i32)', 'expected 1 params, but passed 0']
(module
  (func (export "Execute") (param i32) (result i32) (i32.const 0)))
