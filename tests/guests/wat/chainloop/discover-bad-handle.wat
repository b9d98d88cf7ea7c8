;; A digest that is none.
;;! answers = [{ failed = "not found" }]
;;! host_calls = ['chainloop/discover {"digest":""}']
;;! output = "0 "
(module
  (import "env" "chainloop_discover" (func $discover_env (param i64 i64) (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note (call $discover_env (i64.const 1048576) (i64.const -1)))
    (call $done)
    (i32.const 0)))
