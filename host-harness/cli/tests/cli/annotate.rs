//! `cargo admit annotate`.

use std::fs;

use crate::support::{Folder, METADATA};

fn policy() -> Folder {
    Folder::new().answers("{}", r#""v1""#).file("metadata.yml", METADATA).file("README.md", "# Labels\n\nUse it.\n")
}

#[test]
fn a_module_gets_metadata_and_usage() {
    let folder = policy();
    let ran = folder.run("annotate policy.wasm --metadata metadata.yml -o out.wasm --usage README.md").exits(0);
    let ran = ran.prints("kubewarden-wapc  ").prints("out.wasm");
    ran.tells("warning: host capabilities declared in metadata but not detected in the policy: net/v1/dns_lookup_host");
    folder.run("inspect out.wasm").exits(0).prints("3 lines; `--usage` shows them").prints("dev.admit.version");
    folder.run("inspect out.wasm --usage").exits(0).prints("usage\n  # Labels\n\n  Use it.");
    // Nothing but the module is left behind.
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["README.md", "metadata.yml", "out.wasm", "policy.wasm"]);
}

#[test]
fn the_module_itself_is_replaced_only_when_asked_to() {
    let folder = policy();
    let before = fs::read(folder.path().join("policy.wasm")).expect("a module");
    for output in ["policy.wasm", "./policy.wasm"] {
        let ran = folder.run(&format!("annotate policy.wasm --metadata metadata.yml -o {output}")).exits(2);
        ran.tells("is the module itself").tells("--overwrite").prints_nothing();
    }
    assert!(fs::read(folder.path().join("policy.wasm")).expect("a module") == before);
    folder.run("annotate policy.wasm --metadata metadata.yml -o policy.wasm --overwrite").exits(0);
    folder.run("inspect policy.wasm").exits(0).prints("  title             labels");
}

#[test]
fn no_other_input_is_replaced_and_nothing_is_read_first() {
    let folder = policy().file("Broken.md", b"\xff");
    #[cfg(unix)]
    std::os::unix::fs::symlink("metadata.yml", folder.path().join("link")).expect("a link");
    let refused = |arguments: &str, option: &str| {
        let ran = folder.run(&format!("annotate policy.wasm --metadata metadata.yml {arguments}")).exits(2);
        ran.prints_nothing().tells(&format!("is what `{option}` names")).tells("choose another file");
    };
    refused("-o metadata.yml --overwrite", "--metadata");
    refused("-o ./metadata.yml", "--metadata");
    refused("-o README.md --usage README.md", "--usage");
    refused("-o Broken.md --usage Broken.md", "--usage");
    #[cfg(unix)]
    refused("-o link", "--metadata");
    let read = |name: &str| fs::read(folder.path().join(name)).expect("a file");
    assert_eq!((read("metadata.yml"), read("README.md")), (METADATA.into(), b"# Labels\n\nUse it.\n".to_vec()));
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_written() {
    let folder = policy().file("bad.yml", "rules: []\nmutating: maybe\nmutatin: 1\n").file("Cargo.toml", "[package]\n");
    let refused = |arguments: &str, code: i32| {
        let ran = folder.run(&format!("annotate {arguments} -o out.wasm")).exits(code).prints_nothing();
        assert!(!folder.path().join("out.wasm").exists());
        ran
    };
    refused("policy.wasm --metadata bad.yml", 2)
        .tells("bad.yml:2:1: mutating: ")
        .tells("bad.yml:3:1: mutatin: unknown key");
    refused("policy.wasm --metadata none.yml", 2).tells("none.yml: cannot read");
    refused("policy.wasm --metadata Cargo.toml", 2).tells("`cargo admit build` reads the Cargo.toml");
    refused("none.wasm --metadata metadata.yml", 2).tells("none.wasm");
    refused("README.md --metadata metadata.yml", 2).tells("not a WebAssembly module");
    refused("policy.wasm --metadata metadata.yml --usage none.md", 2).tells("none.md: cannot read");
    let folder = Folder::new().module("wasi").file("metadata.yml", METADATA);
    let ran = folder.run("annotate policy.wasm --metadata metadata.yml -o out.wasm").exits(2).prints_nothing();
    ran.tells("Wrong value inside of policy's metadata for 'executionMode'").tells("write `executionMode: wasi`");
}

/// As Kubewarden's own raw policies have it, and as kwctl takes it.
#[test]
fn rules_with_nothing_behind_them_are_none() {
    let metadata =
        "rules:\nmutating: false\npolicyType: raw\nseverty: low\nannotations: {io.kubewarden.policy.version: 1.0}\n";
    let folder = Folder::new().answers("{}", r#""v1""#).file("metadata.yml", metadata);
    let ran = folder.run("annotate policy.wasm --metadata metadata.yml -o out.wasm").exits(0);
    ran.tells("warning: metadata.yml:4:1: severty: unknown key, which Kubewarden ignores; known keys: rules, ");
    let metadata = &folder.run("inspect out.wasm --format json").exits(0).json()["metadata"];
    assert_eq!(metadata["rules"], serde_json::json!([]));
    assert_eq!(metadata["annotations"]["io.kubewarden.policy.version"], "1.0");
}

#[test]
fn a_policy_without_a_protocol_version_misbehaves() {
    let folder = Folder::new().answers("{}", "7").file("metadata.yml", METADATA);
    let ran = folder.run("annotate policy.wasm --metadata metadata.yml -o out.wasm").exits(3).prints_nothing();
    ran.tells("does not say its protocol version");
}

#[test]
fn an_output_that_cannot_be_written_is_2() {
    policy()
        .run("annotate policy.wasm --metadata metadata.yml -o none/out.wasm")
        .exits(2)
        .tells("cannot write none/out.wasm");
}
