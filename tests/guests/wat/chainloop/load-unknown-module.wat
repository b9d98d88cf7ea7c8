;; A module that is not there.
;;! failure = "load"
;;! texts = ['imports `other::nope`', 'module[other] not instantiated', '`wasi_snapshot_preview1`']
(module
  (import "other" "nope" (func))
  (func (export "Execute") (result i32) (i32.const 0)))
