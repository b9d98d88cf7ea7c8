;; Imports that no host has; all are named.
;;! failure = "load"
;;! texts = ['`env::abort`, but a wapc policy can import from', '`wapc::__host_shout`', '`host::call`']
(module (import "env" "abort" (func)) (import "wapc" "__host_shout" (func)) (import "host" "call" (func (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32))) (memory (export "memory") 1) (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))
