//! Files that name files elsewhere: nothing of these is read, shown or built, unless the user says so.

use std::{fs, path::Path};

use crate::support::{Folder, POD, Ran};

/// A line of a file that is nobody's business. It is not valid in any format, so that an error about it would show it.
const SECRET: &str = "\tSECRET: {hunter2\n";

const CHAINLOOP: &str = "\
apiVersion: chainloop.dev/v1
kind: Policy
metadata: { name: plain }
spec: { policies: [{ kind: EVIDENCE, path: NAMED }] }
";

/// A suite in the folder `suite`, and something beside it.
fn folder() -> Folder {
    let folder = Folder::new().chainloop("{}", "");
    let chainloop = fs::read(folder.path().join("policy.wasm")).expect("a module");
    let folder = folder.answers(r#"{"valid": true}"#, r#"{"accepted": true}"#);
    let module = fs::read(folder.path().join("policy.wasm")).expect("a module");
    folder
        .file("secret.yaml", SECRET)
        .file("secret.wasm", SECRET)
        .file("pod.json", POD)
        .file("m.json", "{}")
        .file("dns.yaml", "dns: {}\n")
        .file("empty.yml", "[]\n")
        .file("kubewarden.wasm", &module)
        .file("chainloop.wasm", &chainloop)
        .file("suite/policy.wasm", &module)
        .file("suite/chainloop/policy.wasm", &chainloop)
}

/// A file of a suite that names `PATH`, where it says so, and a command that reads it. Behind it: a file outside of the suite that is
/// a valid one.
const NAMES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "suite/cases/a.yaml",
        "world: PATH\nobject: POD\nexpect: accept\n",
        ":1:1: world: ",
        "test suite/policy.wasm",
        "dns.yaml",
    ),
    (
        "suite/cases/a.yaml",
        "session: PATH\nobject: POD\nexpect: accept\n",
        ":1:1: session: ",
        "test suite/policy.wasm",
        "empty.yml",
    ),
    (
        "suite/cases/a.yaml",
        "object: { file: PATH }\nexpect: accept\n",
        ":1:1: object: ",
        "test suite/policy.wasm",
        "pod.json",
    ),
    (
        "suite/cases/a.yaml",
        "settings: { file: PATH }\nobject: POD\nexpect: accept\n",
        ":1:1: settings: ",
        "test suite/policy.wasm",
        "m.json",
    ),
    (
        "suite/cases/a.yaml",
        "world: { cluster: { objects: [{ file: PATH }] } }\nobject: POD\nexpect: accept\n",
        ":1:31: world.cluster.objects[0]: ",
        "test suite/policy.wasm",
        "pod.json",
    ),
    (
        "suite/cases/_world/w.yaml",
        "http: { 'https://a.example': { file: PATH } }\n",
        ":1:32: http[",
        "test suite/policy.wasm",
        "m.json",
    ),
    (
        "suite/chainloop/cases/a.yaml",
        "material: { file: PATH }\nkind: EVIDENCE\nexpect: success\n",
        ":1:1: material: ",
        "test suite/chainloop/policy.wasm",
        "m.json",
    ),
    (
        "suite/w.yaml",
        "cluster: { objects: [{ file: PATH }] }\n",
        ":1:22: cluster.objects[0]: ",
        "run suite/policy.wasm --request pod.json --world suite/w.yaml",
        "pod.json",
    ),
    (
        "suite/w/w.yaml",
        "registry: { 'a.example/b:1': { manifest: { file: PATH } } }\n",
        ":1:32: registry[",
        "run suite/policy.wasm --request pod.json --world suite/w",
        "",
    ),
    (
        "suite/p.yaml",
        "a: { module: PATH }\n",
        ":1:6: a.module: ",
        "run suite/p.yaml --request pod.json",
        "kubewarden.wasm",
    ),
    (
        "suite/chainloop/policy.yaml",
        CHAINLOOP,
        ":4:38: spec.policies[0].path: ",
        "eval -p suite/chainloop/policy.yaml --material m.json --kind EVIDENCE",
        "chainloop.wasm",
    ),
    (
        "suite/chainloop/policy.yaml",
        CHAINLOOP,
        ":4:38: spec.policies[0].path: ",
        "test suite/chainloop",
        "chainloop.wasm",
    ),
    (
        "suite/chainloop/policy.yaml",
        CHAINLOOP,
        ":4:38: spec.policies[0].path: ",
        "lint suite/chainloop",
        "chainloop.wasm",
    ),
];

fn named(folder: &Folder, file: &str, content: &str, path: &str) {
    // A case of its own, which the command has to find.
    let path_of = folder.path().join(file);
    fs::create_dir_all(path_of.parent().expect("a folder")).expect("a folder");
    fs::write(path_of, content.replace("PATH", path).replace("NAMED", path).replace("POD", POD)).expect("a file");
    if file.contains("_world") {
        let case = format!("object: {POD}\nexpect: accept\n");
        fs::write(folder.path().join("suite/cases/a.yaml"), case).expect("a file");
    }
    if file == "suite/chainloop/policy.yaml" {
        let cases = folder.path().join("suite/chainloop/cases");
        fs::create_dir_all(&cases).expect("a folder");
        fs::write(cases.join("a.yaml"), "material: {}\nexpect: success\n").expect("a file");
    }
}

/// The exit code of what is refused; what is wrong with the modules of a policy file is an issue to `lint`.
fn refused(arguments: &str) -> i32 {
    if arguments.starts_with("lint") { 1 } else { 2 }
}

#[track_caller]
fn keeps_the_secret(ran: &Ran, arguments: &str) -> String {
    assert_eq!(ran.code, refused(arguments), "`{arguments}`:\n{}\n{}", ran.stdout, ran.stderr);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert!(!told.contains("hunter2") && !told.contains("SECRET"), "`{arguments}` tells of it:\n{told}");
    told
}

/// As many folders up as it takes from a file of the suite.
fn up(file: &str) -> String {
    "../".repeat(file.matches('/').count())
}

#[test]
fn what_is_elsewhere_is_not_read() {
    for (file, content, place, arguments, valid) in NAMES {
        let folder = folder();
        let secret =
            if content.contains("NAMED") || content.contains("module") { "secret.wasm" } else { "secret.yaml" };
        named(&folder, file, content, &format!("{}{secret}", up(file)));
        let told = keeps_the_secret(&folder.run(arguments), arguments);
        assert!(told.contains(&format!("{file}{place}")), "no {file}{place} in\n{told}");
        assert!(told.contains("is outside of the folder suite") && told.contains("--allow-outside"), "{told}");
        // It is the same whether it is there or not.
        named(&folder, file, content, &format!("{}none.yaml", up(file)));
        let told = keeps_the_secret(&folder.run(arguments), arguments);
        assert!(told.contains("is outside of the folder suite"), "{told}");
        // With the user's consent it is.
        if !valid.is_empty() {
            named(&folder, file, content, &format!("{}{valid}", up(file)));
            folder.run(arguments).exits(refused(arguments));
            folder.run(&format!("{arguments} --allow-outside")).exits(0);
        }
    }
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    for (file, content, place, arguments, _) in NAMES {
        let folder = folder();
        let secret =
            if content.contains("NAMED") || content.contains("module") { "secret.wasm" } else { "secret.yaml" };
        let link = format!("_link-{secret}");
        named(&folder, file, content, &link);
        let path = folder.path().join(file).with_file_name(&link);
        std::os::unix::fs::symlink(format!("{}{secret}", up(file)), path).expect("a link");
        let told = keeps_the_secret(&folder.run(arguments), arguments);
        assert!(told.contains(&format!("{file}{place}")), "no {file}{place} in\n{told}");
        assert!(told.contains("is outside of the folder suite"), "{told}");
    }
}

/// Files that are read because of their names may be links as well.
#[cfg(unix)]
#[test]
fn what_is_found_by_its_name_is_no_link_to_elsewhere() {
    for (file, arguments) in [
        ("suite/cases/a.yaml", "test suite/policy.wasm"),
        ("suite/cases/a/case.yaml", "test suite/policy.wasm"),
        ("suite/cases/b/object.yaml", "test suite/policy.wasm"),
        ("suite/cases/b/world.yaml", "test suite/policy.wasm"),
        ("suite/cases/_world.yaml", "test suite/policy.wasm"),
        ("suite/cases/_world/w.yaml", "test suite/policy.wasm"),
        ("suite/policy.yaml", "test suite/policy.wasm"),
        ("suite/w/w.yaml", "run suite/policy.wasm --request pod.json --world suite/w"),
        ("suite/chainloop/policy.yaml", "eval -p suite/chainloop --material m.json --kind EVIDENCE"),
        ("suite/chainloop/policy.yaml", "test suite/chainloop"),
        ("suite/chainloop/policy.yaml", "lint suite/chainloop"),
    ] {
        let folder = folder()
            .file("suite/cases/b/case.yaml", "expect: accept\n")
            .file("suite/cases/b/object.yaml", POD)
            .file("suite/chainloop/cases/a.yaml", "material: {}\nexpect: success\n");
        let path = folder.path().join(file);
        let _ = fs::remove_file(&path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::os::unix::fs::symlink(format!("{}secret.yaml", up(file)), &path).expect("a link");
        let ran = folder.run(arguments);
        let told = keeps_the_secret(&Ran { code: refused(arguments), ..ran }, arguments);
        assert!(told.contains(&format!("{file}: is outside of the folder suite")), "{file}:\n{told}");
    }
}

/// Where cases are that do not belong to the policy, and what they name.
#[test]
fn cases_of_another_folder_stay_in_it() {
    let case = |pod: &str| format!("object: {{ file: {pod} }}\nexpect: accept\n");
    let folder = folder().file("suite/pod.json", POD).file("cases/a.yaml", case("../pod.json"));
    folder.run("test suite/policy.wasm --cases cases").exits(2).tells("cases/a.yaml:1:1: object: ");
    folder.run("test suite/policy.wasm --cases cases --allow-outside").exits(0);
    let folder = folder.file("cases/pod.json", POD).file("cases/a.yaml", case("pod.json"));
    fs::rename(folder.path().join("cases/pod.json"), folder.path().join("cases/_pod.json")).expect("renamed");
    let folder = folder.file("cases/a.yaml", case("_pod.json"));
    folder.run("test suite/policy.wasm --cases cases").exits(0);
    // Cases below the policy may name what is beside it.
    let folder = folder.file("suite/tests/cases/a.yaml", case("../../pod.json"));
    folder.run("test suite/policy.wasm --cases suite/tests/cases").exits(0);
    // From within, too.
    let folder = Folder::new()
        .answers(r#"{"valid": true}"#, r#"{"accepted": true}"#)
        .file("pod.json", POD)
        .file("cases/a.yaml", case("../pod.json"));
    folder.run("test policy.wasm").exits(0);
}

#[test]
fn absolute_paths_may_lead_inside() {
    let folder = folder();
    let here = folder.path().display().to_string();
    let run = "run suite/p.yaml --request pod.json";
    named(&folder, "suite/p.yaml", "a: { module: PATH }\n", &format!("file://{here}/suite/policy.wasm"));
    folder.run(run).exits(0);
    named(&folder, "suite/p.yaml", "a: { module: PATH }\n", &format!("file://{here}/secret.wasm"));
    keeps_the_secret(&folder.run(run), run);
}

/// A crate whose build leaves a trace.
fn evil(folder: Folder, name: &str) -> Folder {
    let at = |file: &str| format!("{name}/{file}");
    let script = "fn main() { std::fs::write(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/RAN\"), \"\").unwrap(); }\n";
    // Tests share a target folder, in which crates of one name would be taken for each other.
    let manifest = format!(
        "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n",
        name.replace('/', "-")
    );
    folder
        .file(&at("Cargo.toml"), manifest)
        .file(&at("src/lib.rs"), "#[no_mangle] pub extern \"C\" fn __guest_call(_: i32, _: i32) -> i32 { 1 }\n")
        .file(&at("build.rs"), script)
}

const RESOURCE: &str = "apiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: { name: a }\nspec: { module: PATH }\n";
const GROUP: &str = "\
apiVersion: policies.kubewarden.io/v1
kind: ClusterAdmissionPolicyGroup
metadata: { name: a }
spec: { expression: a(), message: no, policies: { a: { module: PATH } } }
";

#[test]
fn a_file_starts_no_build() {
    let folder = evil(folder(), "suite/evil");
    let ran = |folder: &Folder| folder.path().join("suite/evil/RAN").exists();
    for (content, place) in [
        ("a: { module: PATH }\n", ":1:6: a.module"),
        (RESOURCE, ":4:9: spec.module"),
        (GROUP, ":4:56: spec.policies.a.module"),
    ] {
        for path in ["evil", "./evil/", "evil/Cargo.toml", "evil/../evil"] {
            named(&folder, "suite/p.yaml", content, path);
            let told = folder.run("run suite/p.yaml --request pod.json").exits(2).prints_nothing();
            told.tells(&format!("suite/p.yaml{place}: ")).tells("to build it runs its code").tells("--build");
            assert!(!ran(&folder), "{path} was built");
        }
    }
    named(&folder, "suite/p.yaml", "a: { module: PATH }\n", "evil");
    let built = folder.run("run suite/p.yaml --request pod.json --build");
    assert!(ran(&folder), "--build builds, but {built:?}");
}

/// A crate elsewhere takes both: it is outside, and a crate.
#[test]
fn a_crate_elsewhere_is_outside() {
    let folder = evil(folder(), "evil");
    let ran = |folder: &Folder| folder.path().join("evil/RAN").exists();
    named(&folder, "suite/p.yaml", "a: { module: PATH }\n", "../evil");
    for (flags, told) in [("", "--allow-outside"), ("--build", "--allow-outside"), ("--allow-outside", "--build")] {
        folder.run(&format!("run suite/p.yaml --request pod.json {flags}")).exits(2).tells(told);
        assert!(!ran(&folder), "it was built with {flags}");
    }
    // One that the command line names is built as always.
    named(&folder, "suite/p.yaml", "a: { module: PATH }\n", "registry://a.example/b:v1");
    folder.run("run suite/p.yaml --request pod.json --module registry://a.example/b:v1=evil");
    assert!(ran(&folder));
    folder.run("run policy.wasm --request pod.json --build").exits(2).tells("--build: goes with a .yml or .yaml file");
}

/// No other command than `run` reads files that can name crates.
#[test]
fn no_other_file_names_a_crate() {
    let folder = evil(folder(), "suite/chainloop/evil");
    named(&folder, "suite/chainloop/policy.yaml", CHAINLOOP, "evil");
    for arguments in [
        "eval -p suite/chainloop/policy.yaml --material m.json --kind EVIDENCE",
        "test suite/chainloop",
        "lint suite/chainloop",
    ] {
        folder.run(arguments).exits(refused(arguments));
    }
    assert!(!Path::new(&folder.path().join("suite/chainloop/evil/RAN")).exists());
}
