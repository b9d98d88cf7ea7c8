;; A word that has no place ends the policy.
;;! failure = "trap"
;;! host_error = "could not write value '18446744073709551615' at offset: 4294967292"
(module
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $store_u64 (i64.const 4294967292) (i64.const -1))
    (i32.const 0)))
