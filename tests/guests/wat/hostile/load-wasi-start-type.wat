;; `_start` with a result.
;;! failure = "load"
;;! texts = ['exports `_start` as function () -> (i32)']
(module (memory (export "memory") 1) (func (export "_start") (result i32) (i32.const 1)))
