;; Where no byte is, there is a 0.
;;! output = "0 0 0 "
(module
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $note32 (call $load_u8 (i64.const 1048576)))
    (call $note32 (call $load_u8 (i64.const -1)))
    (call $note32 (call $load_u8 (i64.const 0)))
    (call $done)
    (i32.const 0)))
