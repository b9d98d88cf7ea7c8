;; Success, but no answer.
;;! abi = "wasi"
;;! failure = "protocol"
;;! texts = ['EOF while parsing']
;;! message = 'internal server error: Cannot deserialize policy validation response: EOF while parsing a value at line 1 column 0'
(module
  (memory (export "memory") 1)
  (func (export "_start")
    nop))
