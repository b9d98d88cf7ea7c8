;; A start section runs, as long as it keeps to itself.
;;! output = "7 "
(module
  ;; HELPERS
  (global $set (mut i32) (i32.const 0))
  (func $start (global.set $set (i32.const 7)))
  (start $start)
  (func (export "Execute") (result i32)
    (call $note32 (global.get $set))
    (call $done)
    (i32.const 0)))
