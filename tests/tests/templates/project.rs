//! A project in a folder that stays, so that only what changed is compiled again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use admit_host::template::{Template, Values};

use super::generate;
use crate::support::repository;

/// Held as long as a project is in use: all of them share a target folder, in which policies of the same name would replace
/// each other's modules. cargo would build them one after the other anyway.
static IN_USE: Mutex<()> = Mutex::new(());

/// A project made of a template.
pub(super) struct Rendered {
    folder: PathBuf,
    files: Vec<(String, String)>,
    _in_use: MutexGuard<'static, ()>,
}

impl Rendered {
    /// Makes it with cargo-generate, or when that is not installed, as `cargo admit new` does.
    pub(super) fn new(template: Template, values: &Values) -> Self {
        let in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("templates");
        let folder = root.join(values.name().as_str());
        let fresh = tempfile::TempDir::new().expect("a folder");
        match generate::tool() {
            Some(tool) => generate::generate(&tool, template.name(), values, fresh.path()),
            None => drop(template.create(fresh.path(), values).expect("a project")),
        }
        let files = generate::files(&fresh.path().join(values.name().as_str()));

        // Everything in here is built offline, in the target folder of all projects that tests make, and formatted as projects
        // elsewhere are, not as this one.
        update(&root.join(".cargo/config.toml"), "[build]\ntarget-dir = \"../projects\"\n[net]\noffline = true\n");
        update(&root.join("rustfmt.toml"), "");
        let known = |path: &str| path == "Cargo.lock" || files.iter().any(|(file, _)| file == path);
        if folder.exists() {
            for (path, _) in generate::files(&folder).iter().filter(|(path, _)| !known(path)) {
                fs::remove_file(folder.join(path)).expect("what is not in the template any more goes");
            }
        }
        for (path, text) in &files {
            update(&folder.join(path), text);
        }
        // The crates that this workspace has are enough.
        fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
        Self { folder, files, _in_use: in_use }
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it was made with: paths and texts.
    pub(super) fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// Runs cargo in it, which has to succeed; gives what it printed.
    pub(super) fn cargo(&self, arguments: &[&str]) -> String {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(arguments)
            .current_dir(&self.folder)
            .env_remove("CARGO_TARGET_DIR")
            .output()
            .expect("cargo runs");
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "cargo {}:\n{stdout}\n{stderr}", arguments.join(" "));
        stdout.into_owned()
    }
}

/// Writes a file, unless it is like that already: cargo compiles again what is newer than before.
fn update(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}
