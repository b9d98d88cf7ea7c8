;; Hits `unreachable`; nothing on stderr, so the message is empty.
;;! abi = "wasi"
;;! failure = "trap"
;;! texts = ['wasm trap: wasm `unreachable` instruction executed']
;;! message = ''
(module
  (memory (export "memory") 1)
  (func (export "_start")
    unreachable))
