;; `__guest_call` that is not a function.
;;! failure = "load"
;;! texts = ['exports `__guest_call` as memory']
(module (memory (export "memory") (export "__guest_call") 1))
