;; Hits `unreachable`.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ['wasm trap: wasm `unreachable` instruction executed', '<unknown>!<wasm function 0>']
;;! message_starts = "internal server error: Guest call failure: error while executing at wasm backtrace:\n    0:"
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    unreachable))
