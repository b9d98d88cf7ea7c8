;; The start section traps.
;;! abi = "wapc"
;;! failure = "instantiate"
;;! texts = ['wasm trap: wasm `unreachable` instruction executed']
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewarden")
  (func $start unreachable)
  (start $start)
  (func (export "__guest_call") (param i32 i32) (result i32)
    (i32.const 0)))
