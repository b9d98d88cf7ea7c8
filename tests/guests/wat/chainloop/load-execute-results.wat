;; Nobody takes two results.
;;! failure = "load"
;;! texts = ['exports `Execute` as function () -> (i32, i32)', 'function Execute has 2 results, expected 0 or 1']
(module
  (func (export "Execute") (result i32 i32) (i32.const 0) (i32.const 0)))
