;; A byte that has no place is not stored.
;;! output = "0 0 "
(module
  ;; HELPERS
  (func (export "Execute") (result i32)
    (call $store_u8 (i64.const 1048576) (i32.const 1))
    (call $store_u8 (i64.const -1) (i32.const 1))
    (call $store_u8 (i64.const 0) (i32.const 1))
    (call $note32 (call $load_u8 (i64.const 0)))
    (call $note32 (call $load_u8 (i64.const 1048576)))
    (call $done)
    (i32.const 0)))
