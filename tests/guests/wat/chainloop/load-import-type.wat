;; A function that is there, with another type.
;;! failure = "load"
;;! texts = ['imports `extism:host/env::alloc` as function (i32) -> (i32), which is function (i64) -> (i64)']
(module
  (import "extism:host/env" "alloc" (func (param i32) (result i32)))
  (func (export "Execute") (result i32) (i32.const 0)))
