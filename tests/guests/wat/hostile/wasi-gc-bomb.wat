;; Allocates objects without end.
;;! abi = "wasi"
;;! limits.memory = 8_388_608
;;! failure = "limit"
;;! texts = ['memory limit of 8388608']
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (type $pair (struct (field i64 i64)))
  (type $list (array (mut i64)))
  (table $keep 1 anyref)
  (func (export "_start")
    (loop $again (table.set $keep (i32.const 0) (array.new_default $list (i32.const 1000))) (br $again))))
