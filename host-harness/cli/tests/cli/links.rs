//! Policies by other names: links, URIs, and packages that are called as a dependency is.

use std::{fs, path::Path};

use crate::support::{Folder, POD};

/// Two copies of a crate, of which one has cases that the other one does not pass.
#[cfg(unix)]
fn two() -> Folder {
    let folder = Folder::new().krate("labels");
    let root = folder.path();
    fs::rename(root.join("labels"), root.join("strict")).expect("a folder");
    fs::create_dir_all(root.join("lax/src")).expect("a folder");
    let source = fs::read_to_string(root.join("strict/src/lib.rs")).expect("a source");
    let lax = source.replace("is_none()", "is_none() && settings.required == \"nothing\"");
    fs::write(root.join("lax/src/lib.rs"), lax).expect("a file");
    let lock = fs::read(root.join("strict/Cargo.lock")).expect("a lock file");
    fs::write(root.join("lax/Cargo.lock"), lock).expect("a file");
    folder.file("lax/cases/lets-in.yaml", format!("object: {POD}\nsettings: {{required: owner}}\nexpect: accept\n"))
}

/// cargo takes the sources beside the link.
#[cfg(unix)]
#[test]
fn a_manifest_that_is_a_link_is_about_the_sources_beside_it() {
    let folder = two();
    std::os::unix::fs::symlink("../strict/Cargo.toml", folder.path().join("lax/Cargo.toml")).expect("a link");
    for path in ["lax", "lax/Cargo.toml", "./strict/../lax"] {
        let ran = folder.run(&format!("test {path} --abi wapc")).exits(0);
        ran.prints("ok    lets-in").prints("1 case × 1 ABI: 1 passed");
    }
}

#[cfg(unix)]
#[test]
fn a_manifest_may_be_a_link_to_a_file_of_another_name() {
    let folder = two();
    fs::rename(folder.path().join("strict/Cargo.toml"), folder.path().join("shared.toml")).expect("a file");
    std::os::unix::fs::symlink("../shared.toml", folder.path().join("lax/Cargo.toml")).expect("a link");
    folder.run("test lax --abi wapc").exits(0).prints("1 case × 1 ABI: 1 passed");
    std::os::unix::fs::symlink("nothing", folder.path().join("strict/Cargo.toml")).expect("a link");
    folder.run("test strict").exits(2).tells("there is no Cargo.toml in strict");
}

#[cfg(unix)]
#[test]
fn a_member_of_a_workspace_may_be_elsewhere() {
    let folder = two().file("all/Cargo.toml", "[workspace]\nmembers = [\"lax\"]\nresolver = \"3\"\n");
    let root = folder.path();
    let manifest = fs::read_to_string(root.join("strict/Cargo.toml")).expect("a manifest");
    fs::write(root.join("lax/Cargo.toml"), manifest.replace("\n[workspace]", "")).expect("a file");
    fs::rename(root.join("lax/Cargo.lock"), root.join("all/Cargo.lock")).expect("a file");
    std::os::unix::fs::symlink("../lax", root.join("all/lax")).expect("a link");
    folder.run("test all/lax --abi wapc").exits(0).prints("1 case × 1 ABI: 1 passed");
}

#[test]
fn a_package_may_be_called_as_one_of_its_dependencies_is() {
    let folder = Folder::new().krate("labels");
    let manifest = fs::read_to_string(folder.path().join("labels/Cargo.toml")).expect("a manifest");
    for name in ["quote", "serde_json"] {
        let manifest = manifest.replace("name = \"labels\"", &format!("name = \"{name}\""));
        fs::write(folder.path().join("labels/Cargo.toml"), manifest).expect("a file");
        let ran = folder.run("test labels").exits(0);
        ran.prints("4 cases × 2 ABIs: 7 passed")
            .prints(&format!("{name}-wapc.wasm"))
            .prints(&format!("{name}-wasi.wasm"));
    }
}

#[test]
fn a_policy_may_be_named_by_its_uri() {
    let folder = Folder::new()
        .answers(r#"{"valid": true}"#, r#"{"accepted": true}"#)
        .file("pod.json", POD)
        .file("my policies/cases/a.yaml", format!("object: {POD}\nexpect: accept\n"));
    fs::rename(folder.path().join("policy.wasm"), folder.path().join("my policies/policy.wasm")).expect("a file");
    let uri = format!("file://{}/my%20policies/policy.wasm", folder.path().display());
    folder.run(&format!("run {uri} --request pod.json")).exits(0);
    folder.run(&format!("test {uri}")).exits(0).prints("1 passed, 0 failed");
    folder.run(&format!("inspect {uri}")).exits(0).prints("ABI   wapc");
    let resource = |module: &str| {
        format!(
            "apiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: {{name: p}}\nspec:\n  module: {module}\n  rules: []\n  mutating: false\n"
        )
    };
    let folder = folder.file("policies.yaml", resource(&uri)).file("relative.yaml", resource("file://policy.wasm"));
    folder.run("run policies.yaml --request pod.json").exits(0).tells("clusterwide-p");
    let ran = folder.run("run relative.yaml --request pod.json").exits(2);
    ran.tells("`file://policy.wasm` is not the URI of a file");
    let missing = folder.run("run file:///no/such/policy.wasm --request pod.json").exits(2);
    missing.tells("cannot read /no/such/policy.wasm");
    folder.run("run file://policy.wasm --request pod.json").exits(2).tells("it: `policy.wasm`");
}

/// What is relative begins where the command was called.
#[test]
fn the_target_folder_is_where_cargo_has_it() {
    let folder = Folder::new().krate("program");
    let ran = folder.run_with("build program", "", &[("CARGO_TARGET_DIR", "out")]).exits(0);
    assert!(folder.path().join("out/admit/program-wasi.wasm").is_file(), "{}", ran.stdout);
    assert!(!folder.path().join("program/out").exists());
    ran.prints("out/admit/program-wasi.wasm");
    let elsewhere = [("CARGO_TARGET_DIR", "out"), ("CARGO_BUILD_BUILD_DIR", "between")];
    folder.run_with("build program", "", &elsewhere).exits(0);
    assert!(!Path::new("between").exists() && !folder.path().join("program/between").exists());
}
