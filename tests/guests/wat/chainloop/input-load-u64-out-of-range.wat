;; A word of the input that is nowhere ends the policy.
;;! input = "abcdefgh"
;;! failure = "trap"
;;! host_error_starts = "could not read value at offset: "
(module
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (drop (call $input_load_u64 (i64.const 1048576)))
    (i32.const 0)))
