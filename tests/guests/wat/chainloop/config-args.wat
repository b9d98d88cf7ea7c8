;; The arguments are there under their key, as often as they are asked for; the key is left alone.
;;! args = '{"a":"b"}'
;;! output = '{"a":"b"} {"a":"b"} 4 0 0 0 '
(module
  (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
  ;; HELPERS
  (data (i32.const 0) "argsother")
  (func (export "Execute") (result i32) (local $key i64)
    (local.set $key (call $text (i32.const 0) (i32.const 4)))
    (call $note_block (call $config_get (local.get $key)))
    (call $note_block (call $config_get (local.get $key)))
    (call $note (call $length (local.get $key)))
    (call $note (call $config_get (call $text (i32.const 4) (i32.const 5))))
    (call $note (call $config_get (i64.const 0)))
    (call $note (call $config_get (i64.const 1048576)))
    (call $done)
    (i32.const 0)))
