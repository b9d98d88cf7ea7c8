;; The smallest module.
;;! failure = "load"
;;! texts = ['exports nothing and imports from nothing']
(module)
