//! `cargo admit scaffold settings-schema` and `questions`.

use std::fs;

use crate::support::Folder;

/// The crate `labels`, with another name and another policy in it. Crates of one name are one to cargo, which takes what it
/// has built of the one for the other.
fn policy(name: &str, code: &str) -> Folder {
    let folder = Folder::new().krate("labels");
    let manifest = folder.path().join("labels/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, text.replace("name = \"labels\"", &format!("name = \"{name}\""))).expect("a file");
    fs::write(folder.path().join("labels/src/lib.rs"), code).expect("a file");
    folder
}

const VALIDATE: &str = "#[admit::policy]\nfn validate(_: &Request, _: &Settings) -> Verdict { Verdict::accept() }\n";

/// Args have types, too.
#[test]
fn of_a_policy_for_chainloop() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/sbom-licenses");
    let ran = Folder::new().run(&format!("scaffold settings-schema {example}")).exits(0);
    ran.prints("Where a JSON object with more of them").prints("\"additionalProperties\": false");
}

#[test]
fn schema_and_form_of_a_policy() {
    let folder = policy(
        "counts",
        &format!(
            "use admit::prelude::*;\n
        /// What is allowed.\n
        #[derive(Deserialize, Settings)]\n
        struct Settings {{\n
            /// Most of it.\n
            max_count: u32,\n
            /// Numbers that do not count.\n
            #[serde(default)]\n
            except: Vec<u32>,\n
        }}\n{VALIDATE}"
        ),
    );
    let ran = folder.run("scaffold settings-schema labels").exits(0).tells("building counts");
    let schema: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(schema["description"], "What is allowed.");
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["required"], serde_json::json!(["max_count"]));

    let ran = folder.run("scaffold questions labels -o questions-ui.yml").exits(0).prints_nothing();
    ran.tells("the form does not ask for `except`: a list of numbers");
    let form = fs::read_to_string(folder.path().join("questions-ui.yml")).expect("the form");
    assert!(form.starts_with("questions:\n"), "{form}");
    assert!(form.contains("variable: max_count") && form.contains("label: Max count"), "{form}");

    // What cannot be written is an error, and nothing is left behind.
    folder
        .run("scaffold settings-schema labels -o nowhere/schema.json")
        .exits(2)
        .tells("cannot write nowhere/schema.json");
    let names = fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    assert_eq!(names.count(), 2, "the crate and the form");
}

#[test]
fn policies_that_have_no_schema_say_why() {
    let none = policy(
        "none",
        "use admit::prelude::*;\n#[admit::policy]\nfn validate(_: &Request) -> Verdict { Verdict::accept() }\n",
    );
    none.run("scaffold settings-schema labels").exits(2).prints_nothing().tells("none has no settings");

    let by_hand = policy(
        "by-hand",
        &format!(
            "use admit::prelude::*;\n#[derive(Deserialize)]\nstruct Settings {{}}\nimpl admit::Settings for Settings {{}}\n{VALIDATE}"
        ),
    );
    by_hand.run("scaffold questions labels").exits(2).prints_nothing().tells("implements `admit::Settings` by hand");

    let part = policy(
        "part",
        &format!(
            "use admit::prelude::*;\n#[derive(Deserialize)]\nstruct Part {{}}\n#[derive(Deserialize, Settings)]\nstruct Settings {{ part: Part }}\n{VALIDATE}"
        ),
    );
    let ran = part.run("scaffold settings-schema labels").exits(4).prints_nothing();
    ran.tells("add `#[derive(JsonSchema)]`").tells("Part");

    Folder::new().krate("program").run("scaffold questions program").exits(2).tells("is not written with `admit`");
    Folder::new().run("scaffold questions").exits(2).tells("no Cargo.toml in .");
}

#[test]
fn the_source_of_the_crate_is_not_replaced() {
    let folder = Folder::new().krate("labels");
    for (path, output) in [
        ("labels", "labels/Cargo.toml"),
        ("labels", "labels/src/lib.rs"),
        ("labels/Cargo.toml", "labels/src/../Cargo.lock"),
    ] {
        for document in ["settings-schema", "questions"] {
            let before = fs::read(folder.path().join(output)).expect("a file");
            let ran = folder.run(&format!("scaffold {document} {path} -o {output}")).exits(2).prints_nothing();
            assert!(!ran.stderr.contains("building"), "{}", ran.stderr);
            ran.tells(output).tells("is part of the policy crate");
            assert!(fs::read(folder.path().join(output)).expect("a file") == before, "{output} was written");
        }
    }
}
