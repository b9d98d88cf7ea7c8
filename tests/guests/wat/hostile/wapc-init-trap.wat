;; `wapc_init` traps.
;;! abi = "wapc"
;;! failure = "instantiate"
;;! texts = ['wasm trap: wasm `unreachable` instruction executed']
;;! message_starts = 'internal server error: Initialization failed: Initialization failed: error while executing at wasm backtrace:'
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func (export "wapc_init") unreachable)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 0)))
