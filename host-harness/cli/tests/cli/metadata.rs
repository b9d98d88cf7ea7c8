//! Metadata of policy crates, built into their modules.

use crate::support::{Folder, METADATA};

const TABLE: &str = "
[package.metadata.admit]
rules = [{ api-groups = [\"\"], api-versions = [\"v1\"], resources = [\"pods\"], operations = [\"CREATE\"] }]
";

/// The crate `labels`, which does not mutate and calls nobody, with this at the end of its manifest.
fn labels(more: &str) -> Folder {
    let folder = Folder::new().krate("labels");
    let manifest = std::fs::read_to_string(folder.path().join("labels/Cargo.toml")).expect("a manifest");
    folder.file("labels/Cargo.toml", format!("{manifest}{more}"))
}

/// The same under a name of its own: the modules of crates of one name replace each other, so what a test looks at after
/// the build may be another test's.
fn named(name: &str, more: &str) -> Folder {
    let folder = labels(more);
    let manifest = std::fs::read_to_string(folder.path().join("labels/Cargo.toml")).expect("a manifest");
    folder.file("labels/Cargo.toml", manifest.replacen("name = \"labels\"", &format!("name = \"{name}\""), 1))
}

#[test]
fn each_abi_has_its_own() {
    let folder = named("each-abi", TABLE);
    let ran = folder.run("build labels").exits(0);
    assert!(!ran.stderr.contains("note"), "{}", ran.stderr);
    for (line, mode, protocol) in
        ran.stdout.lines().zip([("kubewarden-wapc", "v1"), ("wasi", "Unknown")]).map(|(line, (m, p))| (line, m, p))
    {
        let file = line.split_whitespace().last().expect("a file");
        let metadata = &folder.run(&format!("inspect {file} --format json")).exits(0).json()["metadata"];
        assert_eq!((&metadata["executionMode"], &metadata["protocolVersion"]), (&mode.into(), &protocol.into()));
        assert_eq!(metadata["mutating"], false, "taken from the code");
        assert_eq!(metadata["annotations"]["io.kubewarden.policy.title"], "each-abi");
        assert_eq!(metadata["annotations"]["io.kubewarden.policy.version"], "0.1.0");
    }
    let written = "[package.metadata.admit.annotations]\n\"io.kubewarden.policy.title\" = \"other\"\n";
    let ran = named("each-abi-other", &format!("{TABLE}{written}")).run("build labels --abi wasi").exits(0);
    let file = ran.stdout.split_whitespace().last().expect("a file").to_owned();
    folder.run(&format!("inspect {file}")).exits(0).prints("title             other");
}

#[test]
fn without_metadata_there_is_one_note() {
    let ran = Folder::new().krate("labels").run("build labels").exits(0).tells("add [package.metadata.admit]");
    assert_eq!(ran.stderr.matches("policy-server loads annotated policies only").count(), 1);
}

/// What policy-server does not load needs none.
#[test]
fn policies_for_materials_need_no_metadata() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/sbom-licenses");
    let ran = Folder::new().run(&format!("build {example}")).exits(0).prints("sbom-licenses-chainloop.wasm");
    assert!(!ran.stderr.contains("note"), "{}", ran.stderr);
}

#[test]
fn contradictions_do_not_build() {
    let folder = labels(&format!(
        "{TABLE}mutating = true\npolicy-type = \"raw\"\nhost-capabilities = [\"net/*\"]\n\
         context-aware-resources = [{{ api-version = \"v1\", kind = \"Pod\" }}]\n"
    ));
    let ran = folder.run("build labels --abi wapc").exits(4).prints_nothing();
    let ran = ran.tells("the metadata of labels cannot be built into the module:").tells("labels/Cargo.toml:");
    let ran = ran.tells("mutating: says true, but the code never calls").tells("policy-type: says `raw`");
    ran.tells("lists what the code does not use: net/*").tells("lists kinds to read, but the code calls none of");
}

#[test]
fn mistakes_show_before_anything_is_built() {
    let ran = labels(&TABLE.replace("rules", "rule")).run("build labels").exits(4).prints_nothing();
    ran.tells("labels/Cargo.toml:").tells("package.metadata.admit.rule: unknown key; did you mean `rules`?");
    let ran = labels(TABLE).file("labels/metadata.yml", METADATA).run("build labels").exits(4).prints_nothing();
    ran.tells("the metadata is also in `[package.metadata.admit]`").tells("keep one of them");
    let ran = Folder::new().krate("labels").file("labels/metadata.yml", "rules: 1\n").run("test labels");
    ran.exits(4).tells("labels/metadata.yml:1:1: rules: must be an array");
}

#[test]
fn what_kubewarden_ignores_in_a_metadata_yml_is_a_warning() {
    let yaml = "rules:\nmutating: false\nbakgroundAudit: true\n";
    let folder = Folder::new().krate("labels").file("labels/metadata.yml", yaml);
    let ran = folder.run("build labels --abi wapc").exits(0);
    ran.tells("warning: labels/metadata.yml:3:1: bakgroundAudit: unknown key, which Kubewarden ignores; did you mean `backgroundAudit`?");
}

#[test]
fn a_metadata_yml_is_taken_as_it_is() {
    let yaml = "rules: []\nmutating: false\nexecutionMode: wasi\nannotations: {io.kubewarden.policy.title: mine}\n";
    let folder = Folder::new().krate("labels").file("labels/metadata.yml", yaml);
    folder.run("build labels --abi wapc").exits(4).tells("labels/metadata.yml:3:1: executionMode: says `wasi`");
    let ran = folder.run("build labels --abi wasi").exits(0);
    let file = ran.stdout.split_whitespace().last().expect("a file").to_owned();
    folder.run(&format!("inspect {file}")).exits(0).prints("title             mine").prints("execution mode    wasi");
}
