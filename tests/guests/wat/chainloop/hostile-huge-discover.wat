;; A question that is larger than messages may be.
;;! limits = { answer = 1000 }
;;! host_calls = []
;;! failure = "limit"
;;! texts = ['message size limit of 1000 bytes']
(module
  (import "env" "chainloop_discover" (func $discover_env (param i64 i64) (result i64)))
  ;; HELPERS
  (func (export "Execute") (result i32)
    (drop (call $discover_env (call $alloc (i64.const 1001)) (i64.const 0)))
    (i32.const 0)))
