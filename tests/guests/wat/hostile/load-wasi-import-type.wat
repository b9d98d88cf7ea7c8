;; A WASI import with a wrong type.
;;! failure = "load"
;;! texts = ['imports `wasi_snapshot_preview1::fd_write` as function () -> (), which is function (i32, i32, i32, i32) -> (i32)']
(module (import "wasi_snapshot_preview1" "fd_write" (func)) (memory (export "memory") 1) (func (export "_start")))
