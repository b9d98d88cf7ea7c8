;; Upstream cannot make such blocks either, and says so with 0.
;;! output = "0 0 0 "
(module
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note (call $alloc (i64.const 4294967296)))
    (call $note (call $alloc (i64.const 4294967295)))
    (call $note (call $alloc (i64.const -1)))
    (call $done)
    (i32.const 0)))
