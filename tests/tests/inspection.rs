//! What is read from a module before it runs, and the errors for files that are none.

use std::fs;
use std::path::Path;
use std::time::Duration;

use admit_host::inspect::{InspectError, Inspection, Recognised, inspect};
use admit_host::metadata::SECTION;
use admit_host::{Abi, CompiledPolicy, LoadError, RunOptions};
use libtest_mimic::Trial;
use serde_json::json;

use crate::support::{behaved_bytes, engine, guests, request, settings};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        imports_exports_and_sections_are_listed,
        toolchains_are_named,
        rego_says_what_it_is,
        tinygos_wapc_policies_have_a_start_function,
        chainloops_policies_are_told_by_what_they_import_or_export,
        files_that_are_no_modules_are_told_apart,
        invalid_modules_say_where,
        every_prefix_of_a_module_is_an_error,
        no_flipped_bit_can_make_it_panic,
        the_text_format_is_read_from_wat_files,
        abi_names_are_parsed,
        an_unknown_abi_is_serialized_with_its_reason,
    ]
}

/// The shape of what OPA's compiler writes: in `entrypoints` and `builtins`, an address of a name and its number, one after another.
fn rego_says_what_it_is() {
    let inspection = of(r#"(module
          (import "env" "memory" (memory 5))
          (import "env" "opa_builtin1" (func (param i32 i32 i32) (result i32)))
          (memory $m (import "env" "other") 1)
          (global $first i32 (i32.const 7))
          (global (export "opa_wasm_abi_version") i32 (i32.const 1))
          (global (export "opa_wasm_abi_minor_version") i32 (i32.const 3))
          (data (i32.const 100) "sprintf\00http.send\00policy/main\00policy/violation\00")
          (func $object (result i32) i32.const 8)
          (func $string (param i32) (result i32) local.get 0)
          (func $number (param i64) (result i32) i32.const 8)
          (func $insert (param i32 i32 i32))
          (func (export "opa_eval_ctx_new") (result i32) i32.const 0)
          (func (export "builtins") (result i32) (local i32)
            call $object local.set 0
            local.get 0 i32.const 108 call $string i64.const 4 call $number call $insert
            local.get 0 i32.const 100 call $string i64.const 0 call $number call $insert
            local.get 0)
          (func (export "entrypoints") (result i32) (local i32)
            call $object local.set 0
            local.get 0 i32.const 118 call $string i64.const 0 call $number call $insert
            local.get 0 i32.const 130 call $string i64.const 1 call $number call $insert
            local.get 0))"#);
    let rego = inspection.rego.expect("a Rego policy");
    assert_eq!(rego.abi_version, Some((1, 3)));
    assert_eq!(rego.entrypoints, ["policy/main", "policy/violation"]);
    assert_eq!(rego.builtins, ["sprintf", "http.send"]);
    // Without anything of it, and with addresses that lead nowhere.
    let poor = of(r#"(module (func (export "opa_eval") (result i32) i32.const 0)
          (func (export "builtins") (result i32) i32.const -1 i64.const 0 drop))"#);
    let rego = poor.rego.expect("a Rego policy");
    assert_eq!((rego.abi_version, rego.entrypoints.len(), rego.builtins.len()), (None, 0, 0));
}

fn toolchains_are_named() {
    let inspection = of(r#"(module
          (func (export "_start"))
          (@producers (language "Go" "go1.26.8") (processed-by "Go cmd/compile" "go1.26.8") (processed-by "wasm-opt" "")))"#);
    assert_eq!(inspection.languages, ["Go"]);
    assert_eq!(inspection.tools, ["Go cmd/compile go1.26.8", "wasm-opt"]);
    // Anybody can write one.
    let broken = of(r#"(module (func (export "_start")) (@custom "producers" "\05nonsense"))"#);
    assert!(broken.languages.is_empty() && broken.tools.is_empty());
}

fn of(wat: &str) -> Inspection {
    inspect(&wat::parse_str(wat).expect("the test's module is valid")).unwrap_or_else(|error| panic!("{error}"))
}

fn imports_exports_and_sections_are_listed() {
    let inspection = of(r#"(module
          (import "wapc" "__host_response_len" (func (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (table (export "table") 1 funcref)
          (global (export "global") i64 (i64.const 0))
          (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1))
          (data (i32.const 0) "12345")
          (@custom "io.kubewarden.metadata" "{\"rules\":[]}")
          (@custom "io.kubewarden.metadata" "{\"rules\":[],\"mutating\":false}"))"#);
    let mut actual = serde_json::to_value(&inspection).expect("an inspection is JSON");
    let sections = actual["sections"].take();
    assert!(actual["size"].take().as_u64().is_some_and(|size| (100..300).contains(&size)));
    assert_eq!(
        actual,
        json!({
            "abi": "wapc", "size": null, "sections": null, "languages": [], "tools": [], "rego": null,
            "imports": [
                {"module": "wapc", "name": "__host_response_len", "type": "function () -> (i32)"},
                {"module": "wasi_snapshot_preview1", "name": "fd_write", "type": "function (i32, i32, i32, i32) -> (i32)"},
            ],
            "exports": [
                {"name": "memory", "type": "memory"},
                {"name": "table", "type": "table"},
                {"name": "global", "type": "global"},
                {"name": "__guest_call", "type": "function (i32, i32) -> (i32)"},
            ],
            "metadata": {"invalid": concat!(
                "cannot deserialize custom section `io.kubewarden.metadata` of wasm module: ",
                "missing field `mutating` at line 1 column 12; annotate the module again",
            )},
            "made_with": null,
            "capabilities": [],
            "mutates": null,
        })
    );
    let names: Vec<_> = inspection.sections.iter().map(|section| section.name.as_str()).collect();
    assert_eq!(
        names,
        ["type", "import", "function", "table", "memory", "global", "export", "code", "data", SECTION, SECTION]
    );
    let of =
        |name: &str| sections.as_array().and_then(|list| list.iter().find(|section| section["name"] == name)).cloned();
    assert_eq!(of(SECTION), Some(json!({"name": SECTION, "custom": true, "size": 12})));
    assert_eq!(of("code"), Some(json!({"name": "code", "custom": false, "size": 6})));
}

fn tinygos_wapc_policies_have_a_start_function() {
    let both = of(r#"(module (func (export "_start")) (func (export "__guest_call")))"#);
    assert_eq!(both.recognised, Recognised::Policy(Abi::Wapc));
    assert_eq!(of(r#"(module (func (export "_start")))"#).recognised, Recognised::Policy(Abi::Wasi));
}

fn chainloops_policies_are_told_by_what_they_import_or_export() {
    let cases = [
        (r#"(func (export "_start")) (func (export "Execute"))"#, Ok(Abi::Extism)),
        (r#"(memory (export "Execute") 1)"#, Ok(Abi::Extism)),
        (r#"(import "extism:host/env" "alloc" (func)) (func (export "_start"))"#, Ok(Abi::Extism)),
        (r#"(import "extism:host/user" "f" (func))"#, Ok(Abi::Extism)),
        (r#"(import "env" "chainloop_discover" (func))"#, Ok(Abi::Extism)),
        (r#"(import "env" "abort" (func)) (func (export "_start"))"#, Ok(Abi::Wasi)),
        (r#"(func (export "Execute")) (func (export "__guest_call"))"#, Ok(Abi::Wapc)),
        (r#"(func (export "Execute")) (func (export "opa_eval"))"#, Err("a Rego policy")),
        (r#"(func (export "execute"))"#, Err("speaks no policy ABI")),
    ];
    for (wat, expected) in cases {
        match (of(&format!("(module {wat})")).recognised.abi(), expected) {
            (Ok(abi), Ok(expected)) => assert_eq!(abi, expected, "{wat}"),
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{wat}: {error}"),
            (found, _) => panic!("{wat}: {found:?}"),
        }
    }
}

fn refused(bytes: &[u8]) -> String {
    CompiledPolicy::from_bytes(engine(), bytes).expect_err("this is no policy").to_string()
}

fn files_that_are_no_modules_are_told_apart() {
    assert!(refused(b"").contains("starts with nothing, the file is empty"));
    assert!(refused(b"\x7fELF\x02\x01").contains(r#"starts with "\x7fELF\x02\x01""#));
    assert!(refused(b"apiVersion: v1\nkind: Pod").contains(r#"starts with "apiVersion: v1\nk""#));
    assert!(refused(b"\0asm\x0d\0\x01\0").contains("this is a WebAssembly component"));
    assert!(refused(b"\0asm\x02\0\0\0").contains("unknown version 2"));
    assert!(refused(b"\0asm\x01").contains("ends in its header"));
    let missing =
        CompiledPolicy::from_file(engine(), Path::new("no/such/policy.wasm")).expect_err("there is no such file");
    assert!(missing.to_string().starts_with("cannot read no/such/policy.wasm: "), "{missing}");
}

fn invalid_modules_say_where() {
    // The body of the function leaves nothing on the stack, where an i32 is due.
    let mut bytes = wat::parse_str(
        r#"(module (memory (export "memory") 1) (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))"#,
    )
    .expect("valid");
    let at = bytes.windows(2).rposition(|pair| pair == [0x41, 0x01]).expect("the constant");
    bytes[at] = 0x01;
    bytes[at + 1] = 0x01;
    let error = CompiledPolicy::from_bytes(engine(), &bytes).expect_err("this is invalid");
    assert!(
        matches!(error, LoadError::Inspect(InspectError::Invalid { offset, .. }) if offset as usize == at + 2),
        "{error} at {at}"
    );
    assert!(error.to_string().contains("at offset 0x"), "{error}");
}

/// No byte that is missing can make it panic, or pass.
fn every_prefix_of_a_module_is_an_error() {
    let bytes = behaved_bytes("wapc-relay");
    for len in 0..bytes.len() {
        match CompiledPolicy::from_bytes(engine(), &bytes[..len]) {
            Err(_) => {}
            // Names of functions come last, and can be left out.
            Ok(policy) => assert!(policy.inspection().export("__guest_call").is_some(), "{len} bytes"),
        }
    }
}

/// Whatever it becomes, loading it and running it end.
fn no_flipped_bit_can_make_it_panic() {
    let intact = behaved_bytes("wapc-relay");
    let mut options = RunOptions::default();
    options.limits.wall_time = Some(Duration::from_millis(20));
    let (mut refused, mut ran) = (0, 0);
    for at in 0..intact.len() {
        let mut bytes = intact.clone();
        bytes[at] ^= 1 << (at % 8);
        match CompiledPolicy::from_bytes(engine(), &bytes) {
            Err(_) => refused += 1,
            Ok(policy) => {
                let _ = policy.validate(&request("{}"), &settings("{}"), &options);
                ran += 1;
            }
        }
    }
    assert!(refused > 100 && ran > 100, "{refused} were refused, {ran} ran");
}

fn the_text_format_is_read_from_wat_files() {
    let policy = CompiledPolicy::from_file(engine(), &guests("behaved").join("wasi-relay.wat")).expect("it loads");
    assert_eq!(policy.abi(), Abi::Wasi);
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("bad.wat");
    fs::write(&path, "(module\n  (fun))").expect("a file");
    let error = CompiledPolicy::from_file(engine(), &path).expect_err("this is no module").to_string();
    assert!(error.contains("bad.wat:2:4"), "{error}");
}

fn abi_names_are_parsed() {
    for abi in Abi::ALL.iter().copied() {
        assert_eq!(abi.to_string().parse(), Ok(abi));
        assert_eq!(serde_json::to_value(abi).expect("JSON"), json!(abi.name()));
    }
    let error = "extism".parse::<Abi>().expect_err("not an ABI");
    assert_eq!(error.to_string(), "unknown ABI `extism`, expected `wapc`, `wasi` or `chainloop`");
}

fn an_unknown_abi_is_serialized_with_its_reason() {
    let inspection = of(r#"(module (func (export "opa_eval")))"#);
    assert_eq!(inspection.recognised, Recognised::Rego { export: "opa_eval".to_owned() });
    let reason = serde_json::to_value(&inspection).expect("JSON")["abi"]["unknown"].clone();
    assert!(reason.as_str().is_some_and(|text| text.contains("a Rego policy")), "{reason}");
}
