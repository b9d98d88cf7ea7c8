;; A word that is not there ends the policy.
;;! failure = "trap"
;;! host_error = "could not read value at offset: 1048576"
;;! texts = ['could not read value at offset: 1048576', '!execute']
(module
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  ;; HELPERS
  (func $execute (export "Execute") (result i32)
    (drop (call $load_u64 (i64.const 1048576)))
    (i32.const 0)))
