//! `cargo admit new`. What the projects are worth is tested where the templates are built.

use std::{fs, os::unix::fs::symlink};

use super::support::Folder;

#[test]
fn a_project_is_a_folder_of_its_name() {
    let folder = Folder::new();
    let ran = folder.run("new my-policy --template raw").exits(0);
    assert_eq!(
        ran.stdout,
        "created my-policy from the template raw\n\n  cd my-policy\n  cargo admit test\n\nREADME.md in it says what comes next.\n"
    );
    assert!(ran.stderr.starts_with(
        "note: the project takes admit from https://github.com/admit-rs/admit, as crates.io does not have it yet"
    ));
    let manifest = fs::read_to_string(folder.path().join("my-policy/Cargo.toml")).unwrap();
    assert!(
        manifest.contains("name = \"my-policy\"")
            && manifest.contains("admit = { git = \"https://github.com/admit-rs/admit\""),
        "{manifest}"
    );
    assert!(!folder.path().join("my-policy/cargo-generate.toml").exists());
    assert!(folder.path().join("my-policy/.github/workflows/ci.yml").exists());
}

#[test]
fn what_can_be_said_about_it() {
    let folder = Folder::new().file("sdk/Cargo.toml", "[package]\nname = \"admit\"\n").file("there/x", "");
    let words = ["new", "a_b", "--description", "It's 100% <fine>", "--destination", "there", "--admit-path", "sdk"];
    folder.run_words(&words).exits(0).prints("created there/a_b from the template validate");
    let manifest = fs::read_to_string(folder.path().join("there/a_b/Cargo.toml")).unwrap();
    let sdk = folder.path().canonicalize().unwrap().join("sdk");
    assert!(manifest.contains("description = \"It's 100% <fine>\""), "{manifest}");
    assert!(manifest.contains(&format!("admit = {{ path = \"{}\" }}", sdk.display())), "{manifest}");
}

#[test]
fn what_exists_is_left_as_it_is() {
    let folder = Folder::new().file("full/Cargo.toml", "mine").file("file", "mine");
    fs::create_dir(folder.path().join("empty")).unwrap();
    symlink("nowhere", folder.path().join("link")).unwrap();
    for name in ["full", "file", "empty", "link"] {
        folder
            .run(&format!("new {name}"))
            .exits(2)
            .prints_nothing()
            .tells(&format!("{name} exists already, and was left as it is; choose another name"));
    }
    assert_eq!(fs::read_dir(folder.path().join("full")).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(folder.path().join("full/Cargo.toml")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path().join("empty")).unwrap().count(), 0);
}

#[test]
fn mistakes_are_told_and_leave_nothing() {
    let folder = Folder::new();
    for (arguments, told) in [
        ("new", "a project needs a name: `cargo admit new my-policy`"),
        ("new MyPolicy", "`MyPolicy` cannot be the name of a project"),
        ("new MyPolicy", "how about `my-policy`"),
        ("new ../a", "cannot be the name"),
        (
            "new a --template go",
            "there is no template `go`; the templates are: chainloop, context-aware, mutate, raw, ",
        ),
        ("new a --description a\"b", "a description cannot have the character '\"' in it"),
        ("new a --destination nowhere", "cannot write nowhere/a: "),
        ("new a --admit-path .", "the crate `admit` is not in .; give the folder that has its Cargo.toml"),
    ] {
        folder.run(arguments).exits(2).prints_nothing().tells(told);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_workspace_around_it_is_worth_a_note() {
    let folder = Folder::new().file("Cargo.toml", "[workspace]\n").file("policies/x", "");
    folder
        .run("new a --destination policies")
        .exits(0)
        .tells("Cargo.toml; name it there, under `members` or `exclude`");
}
