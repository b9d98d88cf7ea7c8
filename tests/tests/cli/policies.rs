//! Policies that give fixed answers, written by hand so that they share no code with the toolkit.

/// A waPC policy.
pub(crate) fn wapc(validate: &str, validate_settings: &str) -> String {
    let answer = |text: &str, at: u32| match text {
        "(trap)" => "unreachable".to_owned(),
        text => format!("(call $answer (i32.const {at}) (i32.const {}))", text.len()),
    };
    format!(
        r#"(module
            (import "wapc" "__guest_response" (func $answer (param i32 i32)))
            (memory (export "memory") 2)
            (data (i32.const 1024) "{}")
            (data (i32.const 65536) "{}")
            (func (export "__guest_call") (param $operation i32) (param $payload i32) (result i32)
                ;; the lengths of "validate_settings" and "validate"
                (if (i32.eq (local.get $operation) (i32.const 17)) (then {}))
                (if (i32.eq (local.get $operation) (i32.const 8)) (then {}))
                (i32.const 1)))"#,
        escaped(validate_settings),
        escaped(validate),
        answer(validate_settings, 1024),
        answer(validate, 65536),
    )
}

/// A WASI policy.
pub(crate) fn wasi(validate: &str, validate_settings: &str) -> String {
    let answer = |text: &str, at: u32| match text {
        "(trap)" => "unreachable".to_owned(),
        text => format!(
            "(i32.store (i32.const 0) (i32.const {at})) (i32.store (i32.const 4) (i32.const {}))
             (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
            text.len()
        ),
    };
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
            (memory (export "memory") 2)
            (data (i32.const 1024) "{}")
            (data (i32.const 65536) "{}")
            (func (export "_start")
                (drop (call $args (i32.const 16) (i32.const 128)))
                ;; the byte after "validate" in the second argument
                (if (i32.eq (i32.load8_u offset=8 (i32.load (i32.const 20))) (i32.const 45))
                    (then {}) (else {}))))"#,
        escaped(validate_settings),
        escaped(validate),
        answer(validate_settings, 1024),
        answer(validate, 65536),
    )
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("\\{byte:02x}")).collect()
}
