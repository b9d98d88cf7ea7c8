//! What can be read is read before anything is compiled: nothing is in the folder of compiled modules when a mistake is told.

use crate::support::{Folder, METADATA, POD};

/// Runs the program with a folder of compiled modules of its own, and checks that it fails before it compiles.
#[track_caller]
fn fails_early(folder: &Folder, arguments: &str, part: &str) {
    let cache = folder.path().join("cache").display().to_string();
    let ran = folder.run_with(arguments, "", &[("XDG_CACHE_HOME", &cache)]).exits(2).tells(part);
    assert!(!folder.path().join("cache/admit").exists(), "{arguments}: compiled before `{}`", ran.stderr);
}

fn policy() -> Folder {
    Folder::new()
        .answers(r#"{"valid": true}"#, r#"{"accepted": true}"#)
        .file("pod.json", POD)
        .file("metadata.yml", METADATA)
}

#[test]
fn mistakes_about_a_module_are_told_before_it_is_compiled() {
    let folder = policy()
        .file("empty.json", "{}")
        .file("cases/raw.yaml", "raw: 1\nexpect: accept\n")
        .file("other/a.yaml", format!("object: {POD}\nexpect: accept\nonly: [wasi]\n"));
    fails_early(&folder, "run policy.wasm --request empty.json", "empty.json");
    fails_early(&folder, "run policy.wasm --request pod.json --allow-context-aware", "this policy has no metadata");
    fails_early(&folder, "test policy.wasm --cases nowhere", "there are no cases in nowhere");
    fails_early(&folder, "test policy.wasm --filter nothing", "no case has `nothing` in its name");
    fails_early(&folder, "test policy.wasm --cases other", "no case runs on wapc");
    fails_early(&folder, "annotate policy.wasm --metadata metadata.yml -o none/out.wasm", "cannot write none/out.wasm");
    let annotated = policy()
        .file("cases/raw.yaml", "raw: 1\nexpect: accept\n")
        .metadata(r#"{"rules":[],"mutating":false,"protocolVersion":"v1","backgroundAudit":false,"annotations":{}}"#);
    fails_early(&annotated, "test policy.wasm", "the policy takes Kubernetes requests");
    fails_early(&annotated, "run policy.wasm --request pod.json --audit", "nothing was evaluated");
}

#[test]
fn mistakes_about_deployed_policies_are_told_before_they_are_compiled() {
    let resource = |name: &str, module: &str| {
        format!(
            "apiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: {{name: {name}}}\nspec:\n  module: {module}\n  rules: []\n  mutating: false\n"
        )
    };
    let both = [resource("a", "policy.wasm"), resource("b", "second.wasm")].join("---\n");
    let folder = policy().file("second.wasm", "no module").file("policies.yaml", both).file("empty.json", "{}");
    fails_early(&folder, "run policies.yaml --request pod.json", "second.wasm: this is not a WebAssembly module");
    let folder = folder.file("policies.yaml", resource("a", "policy.wasm"));
    fails_early(&folder, "run policies.yaml --request empty.json", "empty.json");
}

#[test]
fn mistakes_about_materials_are_told_before_modules_are_compiled() {
    let file = |second: &str| {
        format!(
            "apiVersion: chainloop.dev/v1\nkind: Policy\nmetadata: {{name: plain}}\nspec:\n  policies:\n    - {{kind: EVIDENCE, path: policy.wasm}}\n    - {{kind: EVIDENCE, path: {second}}}\n"
        )
    };
    let folder = Folder::new().chainloop(r#"{"violations": []}"#, &file("nothing.wasm")).file("doc.json", "{}");
    fails_early(&folder, "eval --material doc.json --kind EVIDENCE", "nothing.wasm");
    let folder = folder.file("policy.yaml", file("policy.wasm"));
    fails_early(&folder, "eval --material nothing.json --kind EVIDENCE", "nothing.json");
    fails_early(&folder, "eval --policy policy.wasm --material nothing.json --kind EVIDENCE", "nothing.json");
}
