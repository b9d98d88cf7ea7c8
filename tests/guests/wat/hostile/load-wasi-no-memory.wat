;; No memory to talk through.
;;! failure = "load"
;;! texts = ['does not export `memory`']
(module (func (export "_start")))
