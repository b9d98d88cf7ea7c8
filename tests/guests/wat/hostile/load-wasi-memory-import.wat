;; Wants its memory from the host.
;;! failure = "load"
;;! texts = ['`env::memory`, but a wasi policy can import from']
(module (import "env" "memory" (memory 1)) (export "memory" (memory 0)) (func (export "_start")))
