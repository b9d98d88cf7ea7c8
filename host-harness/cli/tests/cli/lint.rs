//! `cargo admit lint`.

use crate::support::Folder;

const POLICY: &str = "\
apiVersion: chainloop.dev/v1
kind: Policy
metadata: { name: plain }
spec: { policies: [{ kind: EVIDENCE, path: policy.wasm }] }
";

#[test]
fn a_valid_policy() {
    let ran = Folder::new().chainloop("{}", POLICY).run("lint").exits(0);
    ran.prints("EVIDENCE").prints("policy.yaml:4:").prints("\npolicy is valid\n");
}

#[test]
fn modules_that_ask_are_fine() {
    let folder = Folder::new().chainloop("{}", POLICY).module("chainloop-discover");
    folder
        .run("lint policy.yaml")
        .exits(0)
        .prints("note   policy.yaml:4:")
        .prints("`chainloop policy develop lint` refuses");
}

#[test]
fn what_a_module_asks_shows_from_outside() {
    let folder = Folder::new().module("chainloop-discover");
    let inspected = folder.run("inspect policy.wasm --format json").exits(0).json();
    assert_eq!(inspected["capabilities"], serde_json::json!(["chainloop/discover"]));
    assert_eq!(inspected["abi"], "chainloop");
}

#[test]
fn issues_are_1() {
    let lint = |policy: &str| Folder::new().chainloop("{}", policy).run("lint .").exits(1).prints("1 issue found");
    lint(&POLICY.replace("kind: EVIDENCE", "knd: EVIDENCE")).prints("did you mean `kind`?");
    lint(&POLICY.replace("policy.wasm", "gone.wasm")).prints("gone.wasm");
    let file = |name: &str, content: &[u8]| Folder::new().chainloop("{}", POLICY).file(name, content);
    file("policy.wasm", b"package x").run("lint").exits(1).prints("Rego");
    Folder::new()
        .chainloop("{}", POLICY)
        .module("wasi")
        .run("lint")
        .exits(1)
        .prints("missing required 'Execute' function export");
    let json = file("policy.yaml", POLICY.replace("v1", "v9").as_bytes()).run("lint --format json").exits(1).json();
    assert_eq!(json["valid"], false);
    assert_eq!(json["issues"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_file_that_is_not_there_is_2() {
    Folder::new().run("lint").exits(2).tells("policy.yaml: cannot read this policy file").prints_nothing();
}
