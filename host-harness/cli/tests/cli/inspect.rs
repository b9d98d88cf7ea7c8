//! `cargo admit inspect`.

use serde_json::json;

use crate::support::{Folder, METADATA};

#[test]
fn text() {
    let ran = Folder::new().module("trap").run("inspect policy.wasm").exits(0);
    let ran =
        ran.prints("ABI   wapc").prints("wapc::__console_log").prints("__guest_call").prints("function (i32, i32)");
    assert!(
        ran.stdout.lines().any(|line| line.trim_start().starts_with("code ") && line.ends_with('%')),
        "{}",
        ran.stdout
    );
}

#[test]
fn json_for_programs() {
    let ran = Folder::new().module("wasi").run("inspect policy.wasm --format json").exits(0);
    let inspection = ran.json();
    assert_eq!(inspection["abi"], "wasi");
    assert_eq!(inspection["imports"][0]["name"], "fd_write");
    assert_eq!(inspection["exports"][1], json!({"name": "_start", "type": "function () -> ()"}));
}

#[test]
fn the_usage_is_shown_when_it_is_asked_for() {
    let folder =
        Folder::new().answers("{}", r#""v1""#).file("metadata.yml", METADATA).file("README.md", "# Labels\n\nText.\n");
    folder.run("annotate policy.wasm --metadata metadata.yml -o annotated.wasm --usage README.md").exits(0);
    let ran = folder.run("inspect annotated.wasm").exits(0).prints("\nusage\n  3 lines; `--usage` shows them\n");
    assert!(!ran.stdout.contains("# Labels"), "{}", ran.stdout);
    folder.run("inspect annotated.wasm --usage").exits(0).prints("\nusage\n  # Labels\n\n  Text.\n");
}

#[test]
fn modules_that_are_no_policies_can_be_looked_at() {
    let folder = Folder::new().file("policy.wasm", wat::parse_str("(module)").expect("valid text"));
    folder.run("inspect policy.wasm").exits(0).prints("ABI   none: ");
}

#[test]
fn the_text_format_is_a_module_everywhere() {
    let text = r#"(module (memory (export "memory") 1) (func (export "_start")))"#;
    let folder = Folder::new()
        .file("policy.wat", text)
        .file("metadata.yml", "rules: []\nmutating: false\nexecutionMode: wasi\n");
    folder.run("inspect policy.wat").exits(0).prints("ABI   wasi");
    folder.run("lint policy.wat").exits(1).prints("it is a wasi policy");
    folder.run("scaffold manifest policy.wat -t AdmissionPolicy").exits(2).tells("No Kubewarden metadata found");
    // What comes out is the binary format.
    folder.run("annotate policy.wat --metadata metadata.yml -o policy.wasm").exits(0);
    folder.run("inspect policy.wasm").exits(0).prints("execution mode    wasi");
    let folder = folder.file("broken.wat", "(module (func)");
    folder.run("inspect broken.wat").exits(2).tells("broken.wat: the WebAssembly text is not valid: ");
    folder.run("lint gone.wat").exits(2).tells("gone.wat: cannot read");
}

#[test]
fn what_the_policy_declares() {
    let folder = Folder::new().answers("{}", r#""v1""#).file("metadata.yml", METADATA);
    let plain = folder.run("inspect policy.wasm").exits(0).prints("not annotated: ");
    assert!(!plain.stdout.contains("details"), "{}", plain.stdout);
    let ran = folder.run("inspect policy.wasm --format yaml").exits(0).tells("not annotated");
    assert_eq!(ran.stdout, "null\n");
    assert_eq!(folder.run("inspect policy.wasm --format json").exits(0).json()["metadata"], json!(null));

    folder.run("annotate policy.wasm --metadata metadata.yml -o annotated.wasm").exits(0);
    let ran = folder.run("inspect annotated.wasm").exits(0).prints("  title             labels\n");
    let ran = ran.prints("protocol version  v1").prints("io.example.team             policies").prints("    - pods");
    ran.prints("context aware\n  apps/v1 Deployment").prints("net/v1/dns_lookup_host  declared, not detected");
    let yaml = folder.run("inspect annotated.wasm --format yaml").exits(0);
    // What comes out can go in again.
    let folder = folder.file("again.yml", &yaml.stdout);
    folder.run("annotate policy.wasm --metadata again.yml -o again.wasm").exits(0);
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("a module");
    assert!(read("annotated.wasm") == read("again.wasm"));
    let all = folder.run("inspect again.wasm --format json").exits(0).json();
    assert_eq!(all["metadata"]["protocolVersion"], "v1");
    assert_eq!((&all["abi"], &all["capabilities"], &all["mutates"]), (&json!("wapc"), &json!([]), &json!(null)));
}

#[test]
fn rego_modules_say_so() {
    let rego = r#"(module (memory (export "memory") 1) (func (export "opa_eval_ctx_new")))"#;
    let folder = Folder::new().file("policy.wasm", wat::parse_str(rego).expect("valid text"));
    folder.run("inspect policy.wasm").exits(0).prints("this is a Rego policy, for Open Policy Agent or Gatekeeper");
    let folder = folder.file("metadata.yml", "rules: []\nmutating: false\nexecutionMode: gatekeeper\n");
    folder.run("annotate policy.wasm --metadata metadata.yml -o annotated.wasm").exits(0);
    folder.run("inspect annotated.wasm").exits(0).prints("this is a Rego policy, for Gatekeeper");
}

#[test]
fn what_is_no_module_is_2() {
    let folder = Folder::new().file("policy.wasm", "{}");
    folder.run("inspect policy.wasm").exits(2).tells("policy.wasm: ").prints_nothing();
    folder.run("inspect none.wasm").exits(2).tells("none.wasm").prints_nothing();
}

#[test]
fn rego_shows_what_it_needs_and_what_it_can_be_asked() {
    let text = r#"(module
        (func (export "opa_eval") (result i32) i32.const 0)
        (global (export "opa_wasm_abi_version") i32 (i32.const 1))
        (global (export "opa_wasm_abi_minor_version") i32 (i32.const 2))
        (memory 1)
        (data (i32.const 0) "policy/violation\00")
        (func (export "entrypoints") (result i32) i32.const 0 i64.const 0 drop))"#;
    let folder = Folder::new().file("policy.wat", text);
    let ran = folder.run("inspect policy.wat").exits(0).prints("ABI of OPA            1.2\n");
    ran.prints("entrypoints           policy/violation\n").prints("builtins of the host  (none)\n");
    let inspection = folder.run("inspect policy.wat --format json").exits(0).json();
    assert_eq!(inspection["rego"], json!({"abi_version": [1, 2], "entrypoints": ["policy/violation"], "builtins": []}));
}

#[test]
fn of_many_names_the_first_are_shown() {
    let exports: String = (0..5_000).map(|number| format!("(export \"e{number}\" (memory 0))")).collect();
    let long = "x".repeat(60_000);
    let folder =
        Folder::new().file("policy.wat", format!("(module (memory 1) (export \"{long}\" (memory 0)) {exports})"));
    let ran = folder.run("inspect policy.wat").exits(0).prints("  e998 ").prints("  … and 4,001 more\n");
    let shown = format!("  {}… (60000 characters)  memory\n", &long[..1_000]);
    let ran = ran.prints(&shown);
    assert!(!ran.stdout.contains("e999 "), "{}", ran.stdout);
    let all = folder.run("inspect policy.wat --format json").exits(0).json();
    assert_eq!(all["exports"].as_array().map(Vec::len), Some(5_001));
}

#[test]
fn of_many_imports_that_are_not_there_the_first_are_told() {
    let imports: String = (0..5_000).map(|number| format!("(import \"wapc\" \"x{number}\" (func))")).collect();
    let folder = Folder::new()
        .file(
            "policy.wat",
            format!("(module {imports} (func (export \"__guest_call\") (param i32 i32) (result i32) (i32.const 0)))"),
        )
        .file("pod.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}}");
    let ran = folder.run("run policy.wat --request pod.yaml").exits(2).tells("`wapc::x98`").tells("  - and more\n");
    assert!(!ran.stderr.contains("`wapc::x101`"), "{}", ran.stderr);
}
