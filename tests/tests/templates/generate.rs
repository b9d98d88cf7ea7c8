//! The real cargo-generate.
//!
//! It is a program of its own that takes minutes to install, so these tests take the one that is there: the one that
//! `ADMIT_CARGO_GENERATE` names, which `.ci/run` installs, or the one on the PATH. Without it they are skipped.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use admit_host::template::{Template, Values};

use crate::support::repository;

static TOOL: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    // Whoever names it wants it to be used.
    if let Some(path) = env::var_os("ADMIT_CARGO_GENERATE") {
        return Some(path.into());
    }
    let name = format!("cargo-generate{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|path| path.is_file())
});

/// cargo-generate, if it is installed.
pub(super) fn tool() -> Option<PathBuf> {
    TOOL.clone()
}

/// What is told about a project: all of it, or only its name.
fn with_everything(name: &str) -> Values {
    let values = Values::named(name).unwrap().description("It's 100% <fine> & done").unwrap();
    values.admit_path(&repository().join("sdk/rust")).unwrap()
}

/// `cargo admit new` and `cargo generate --path templates/T` make the same project.
pub(super) fn makes_the_same(template: &str) {
    let tool = tool().expect("the test is skipped without it");
    let template: Template = template.parse().unwrap();
    for name in ["my-policy", "my_policy", "v1", "a-1-b"] {
        for values in [Values::named(name).unwrap(), with_everything(name)] {
            let (theirs, ours) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
            generate(&tool, template.name(), &values, theirs.path());
            template.create(ours.path(), &values).expect("a project");
            assert_eq!(files(theirs.path()), files(ours.path()), "{values:?}");
        }
    }
}

/// Makes a project with cargo-generate.
pub(super) fn generate(tool: &Path, template: &str, values: &Values, destination: &Path) {
    let mut command = Command::new(tool);
    // Nothing may be asked: everything that is not defined has a default.
    command.arg("generate").arg("--path").arg(repository().join("templates").join(template)).stdin(Stdio::null());
    command.args(["--name", values.name().as_str()]).arg("--destination").arg(destination);
    for (key, value) in values.defined() {
        command.arg("--define").arg(format!("{key}={value}"));
    }
    let output = command.output().unwrap_or_else(|error| panic!("{}: {error}", tool.display()));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every file in a folder, with its text. Build output is not looked at.
pub(super) fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(folder, folder, &mut found);
    found.sort();
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        let inside = path.strip_prefix(root).expect("it was found there").to_string_lossy().replace('\\', "/");
        if !path.is_dir() {
            found.push((inside, fs::read_to_string(&path).expect("templates are texts")));
        } else if inside != "target" {
            collect(root, &path, found);
        }
    }
}
