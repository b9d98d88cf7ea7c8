//! Whatever there is in WebAssembly that the engine runs, every command reads.

use std::{fs, path::Path};

use crate::support::{Folder, POD};

const METADATA: &str = "\
rules:
- {apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}
mutating: false
annotations: {io.kubewarden.policy.title: feature}
";

#[test]
fn every_feature_is_read_by_every_command() {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests/wat/features");
    let case = format!("object: {POD}\nexpect: accept\n");
    for entry in fs::read_dir(guests).expect("the guests") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a guest");
        let folder = Folder::new()
            .file("policy.wasm", wat::parse_str(&text).expect("valid text"))
            .file("policy.wat", &text)
            .file("metadata.yml", METADATA)
            .file("pod.json", POD)
            .file("cases/a.yaml", &case);
        for arguments in [
            "inspect policy.wasm",
            "inspect policy.wasm --format json",
            "inspect policy.wat",
            "annotate policy.wasm --metadata metadata.yml -o annotated.wasm",
            "inspect annotated.wasm --format yaml",
            "run annotated.wasm --request pod.json",
            "run policy.wat --request pod.json",
            "test annotated.wasm",
            "test annotated.wasm --faults",
            "scaffold manifest annotated.wasm -t ClusterAdmissionPolicy",
            "scaffold artifacthub --metadata annotated.wasm --created-at 2026-01-31T12:00:00Z",
        ] {
            let ran = folder.run(arguments);
            // What is missing in the metadata is not what this is about.
            let done = ran.code == 0 || ran.stderr.contains("annotation");
            assert!(done, "{}: {arguments}\nstdout:\n{}\nstderr:\n{}", path.display(), ran.stdout, ran.stderr);
        }
        folder.run("lint policy.wasm").exits(1).prints("it is a wapc policy");
    }
}

/// `build` writes metadata into what the compiler made.
#[test]
fn a_policy_with_vectors_is_built() {
    let folder = Folder::new().krate("labels");
    let path = folder.path().join("labels");
    let read = |name: &str| fs::read_to_string(path.join(name)).expect("a file");
    let manifest = format!(
        "{}\n[package.metadata.admit]\nrules = [{{ api-groups = [\"\"], api-versions = [\"v1\"], resources = [\"pods\"], operations = [\"CREATE\"] }}]\n",
        read("Cargo.toml")
    );
    let vectors = "
/// Adds with vectors.
#[cfg(target_arch = \"wasm32\")]
#[unsafe(no_mangle)]
#[target_feature(enable = \"simd128\")]
pub extern \"C\" fn vectors(x: i32) -> i32 {
    use core::arch::wasm32::{i32x4_add, i32x4_extract_lane, i32x4_splat};
    i32x4_extract_lane::<0>(i32x4_add(i32x4_splat(x), i32x4_splat(1)))
}
";
    let source = format!("{}{vectors}", read("src/lib.rs"));
    let folder = folder.file("labels/Cargo.toml", manifest).file("labels/src/lib.rs", source);
    let ran = folder.run("build labels").exits(0);
    for line in ran.stdout.lines() {
        let file = line.split_whitespace().last().expect("a file");
        folder.run(&format!("inspect {file}")).exits(0).prints("vectors").prints("io.kubewarden.metadata (custom)");
    }
}
