;; AssemblyScript with waPC's library sets the error and traps; hosts drop the error.
;;! abi = "wapc"
;;! failure = "trap"
;;! texts = ["the policy trapped: no more; assembly/index.ts (10,3) (wasm trap: wasm `unreachable` instruction executed)\n"]
;;! message_starts = "internal server error: Guest call failure: error while executing at wasm backtrace:"
(module
  (import "wapc" "__guest_error" (func $guest_error (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "no more; assembly/index.ts (10,3)")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $guest_error (i32.const 64) (i32.const 33))
    unreachable))
