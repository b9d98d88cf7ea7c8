;; What is called Execute is no function.
;;! failure = "load"
;;! texts = ['does not export a function `Execute`, but memory of this name', "missing required 'Execute' function export"]
(module
  (memory (export "Execute") 1))
