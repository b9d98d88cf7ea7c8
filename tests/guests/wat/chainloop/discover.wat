;; The same function under two names, with and without a kind. What it is given is left alone.
;;! answers = ['{"digest":"sha256:1"}', 'anything']
;;! host_calls = ['chainloop/discover {"digest":"sha256:abc","kind":"ATTESTATION"}', 'chainloop/discover {"digest":"sha256:abc"}']
;;! output = '{"digest":"sha256:1"} anything 10 '
(module
  (import "env" "chainloop_discover" (func $discover_env (param i64 i64) (result i64)))
  (import "extism:host/user" "chainloop_discover" (func $discover_user (param i64 i64) (result i64)))
  ;; HELPERS
  (data (i32.const 0) "sha256:abcATTESTATION")
  (func (export "Execute") (result i32) (local $digest i64)
    (local.set $digest (call $text (i32.const 0) (i32.const 10)))
    (call $note_block (call $discover_env (local.get $digest) (call $text (i32.const 10) (i32.const 11))))
    (call $note_block (call $discover_user (local.get $digest) (i64.const 0)))
    (call $note (call $length (local.get $digest)))
    (call $done)
    (i32.const 0)))
