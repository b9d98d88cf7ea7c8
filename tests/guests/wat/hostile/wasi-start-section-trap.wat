;; The start section traps.
;;! abi = "wasi"
;;! failure = "instantiate"
;;! texts = ['wasm trap: wasm `unreachable` instruction executed']
(module
  (memory (export "memory") 1)
  (func $start unreachable)
  (start $start)
  (func (export "_start")
    nop))
