//! `cargo admit inspect`.

use serde_json::json;

use crate::support::Folder;

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
fn modules_that_are_no_policies_can_be_looked_at() {
    let folder = Folder::new().file("policy.wasm", wat::parse_str("(module)").expect("valid text"));
    folder.run("inspect policy.wasm").exits(0).prints("ABI   none: ");
}

#[test]
fn what_is_no_module_is_2() {
    let folder = Folder::new().file("policy.wasm", "{}");
    folder.run("inspect policy.wasm").exits(2).tells("policy.wasm: ").prints_nothing();
    folder.run("inspect none.wasm").exits(2).tells("none.wasm").prints_nothing();
}
