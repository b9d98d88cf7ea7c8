;; A module of another trade.
;;! failure = "load"
;;! texts = ['speaks no policy ABI', 'exports `memory`, `add`', 'imports from nothing']
(module (memory (export "memory") 1) (func (export "add")))
