;; Hits `unreachable` while it checks settings.
;;! abi = "wapc"
;;! operation = "validate_settings"
;;! failure = "trap"
;;! texts = ['wasm trap: wasm `unreachable` instruction executed']
;;! message_starts = 'Error invoking settings validation callback: GuestCallFailure("error while executing at wasm backtrace:\n    0:'
(module
  (memory (export "memory") 1)
  (func (export "__guest_call") (param i32 i32) (result i32)
    unreachable))
