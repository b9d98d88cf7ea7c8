//! What crates.io would get: the packages of the published crates say what they are, hold what they need and nothing of this
//! machine, and compile where this repository is not.

mod manifest;
mod package;

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::support::repository;
use package::{Package, cargo, packages};

/// The published crates, each with the folder that it is in.
const PUBLISHED: [&str; 5] = ["admit-macros", "admit", "admit-runtime", "admit-host", "cargo-admit"];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![every_crate_that_may_be_published_is_looked_at, they_compile_outside_of_the_repository];
    for name in PUBLISHED {
        trials.push(Trial::test(format!("packages::{name}"), move || {
            is_complete(packages().iter().find(|package| package.name == name).expect("every crate is packaged"));
            Ok(())
        }));
    }
    trials
}

fn every_crate_that_may_be_published_is_looked_at() {
    let output = cargo(&repository(), &["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: serde_json::Value = serde_json::from_str(&output).expect("cargo metadata is JSON");
    let publishable = metadata["packages"].as_array().unwrap().iter().filter(|package| package["publish"].is_null());
    let mut names: Vec<&str> = publishable.map(|package| package["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    let mut expected = PUBLISHED;
    expected.sort_unstable();
    assert_eq!(names, expected, "crates without `publish = false`");
}

fn is_complete(package: &Package) {
    manifest::is_complete(package);
    let license = fs::read_to_string(repository().join("LICENSE")).unwrap();
    assert_eq!(package.text("LICENSE"), license, "a link that became a file with a path in it?");
    links_lead_somewhere(&package.text("README.md"));
    let repository = repository().display().to_string();
    let home = std::env::home_dir().map(|home| home.join(".cargo").display().to_string());
    for file in package.files() {
        let shown = file.display();
        assert!(!file.starts_with("tests") && !file.ends_with(".snap"), "{shown} is for tests in the repository");
        let text = String::from_utf8_lossy(&fs::read(package.folder.join(&file)).unwrap()).into_owned();
        for path in [Some(&repository), home.as_ref()].into_iter().flatten() {
            assert!(!text.contains(path), "{shown} names {path}, a path of this machine");
        }
    }
}

/// crates.io shows the page without what is around it in the repository.
fn links_lead_somewhere(readme: &str) {
    for target in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(target.starts_with("https://") || target.starts_with('#'), "README.md has a relative link to {target}");
    }
}

/// A crate that depends on the packages and on nothing else of this tree.
fn they_compile_outside_of_the_repository() {
    let packages = packages();
    let scratch = packages[0].folder.parent().expect("packages are in a folder");
    let dependent = scratch.join("dependent");
    fs::create_dir_all(dependent.join("src")).unwrap();
    fs::write(
        dependent.join("Cargo.toml"),
        "[package]\nname = \"dependent\"\nedition = \"2024\"\n\n[dependencies]\nadmit = \"0.1\"\nadmit-host = \"0.1\"\n",
    )
    .unwrap();
    fs::write(
        dependent.join("src/lib.rs"),
        "use admit::prelude::*;\n\n#[admit::policy]\nfn validate(_: &Request) -> Verdict {\n    Verdict::accept()\n}\n\n\
         pub fn templates() -> usize {\n    admit_host::template::Template::all().count()\n}\n",
    )
    .unwrap();
    fs::write(scratch.join("Cargo.toml"), workspace(packages)).unwrap();
    fs::copy(repository().join("Cargo.lock"), scratch.join("Cargo.lock")).unwrap();
    // What is compiled of other crates is the same as for clippy.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the target folder");
    cargo(scratch, &["check", "--offline", "--workspace", "--target-dir", &target.display().to_string()]);
}

/// The packages, in place of those of crates.io; compiled with the profiles that everything here has, so that it is compiled once.
fn workspace(packages: &[Package]) -> String {
    let ours = fs::read_to_string(repository().join("Cargo.toml")).expect("the workspace");
    let profiles = &ours[ours.find("[profile.").expect("there are profiles")..];
    let folder = |package: &Package| format!("{}-{}", package.name, package.version);
    let members: Vec<String> = packages.iter().map(|package| format!("{:?}, ", folder(package))).collect();
    let patches: Vec<String> =
        packages.iter().map(|package| format!("{} = {{ path = {:?} }}\n", package.name, folder(package))).collect();
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}\"dependent\"]\n\n[patch.crates-io]\n{}\n{profiles}",
        members.concat(),
        patches.concat()
    )
}
