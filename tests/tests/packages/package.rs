//! Packages, as `cargo package` makes them, unpacked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::PUBLISHED;
use crate::support::repository;

/// A package that is unpacked.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) folder: PathBuf,
}

/// All of them, made once.
pub(super) fn packages() -> &'static [Package] {
    static PACKAGES: LazyLock<Vec<Package>> = LazyLock::new(make);
    &PACKAGES
}

fn make() -> Vec<Package> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    // What was packed once and is not any more must not be found.
    let _ = fs::remove_dir_all(&root);
    let mut arguments = vec!["package", "--no-verify", "--allow-dirty", "--offline", "--quiet"];
    let target = root.join("target").display().to_string();
    arguments.extend(["--target-dir", &target]);
    arguments.extend(PUBLISHED.iter().flat_map(|name| ["--package", name]));
    cargo(&repository(), &arguments);

    let manifest: toml::Table = fs::read_to_string(repository().join("Cargo.toml")).unwrap().parse().unwrap();
    let version = manifest["workspace"]["package"]["version"].as_str().expect("a version");
    let unpacked = root.join("unpacked");
    fs::create_dir_all(&unpacked).unwrap();
    let unpack = |name: &str| {
        let packed = root.join("target/package").join(format!("{name}-{version}.crate"));
        // Every file of a package has the same date, by which cargo would take what it compiled before for this one.
        run(Command::new("tar").arg("-xzmf").arg(&packed).arg("-C").arg(&unpacked));
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            folder: unpacked.join(format!("{name}-{version}")),
        }
    };
    PUBLISHED.iter().map(|name| unpack(name)).collect()
}

impl Package {
    /// A file of it.
    pub(super) fn text(&self, file: &str) -> String {
        let path = self.folder.join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Every file, from its folder.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect(&self.folder, &self.folder, &mut found);
        assert!(!found.is_empty(), "{} is empty", self.folder.display());
        found
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => collect(root, &path, found),
            false => found.push(path.strip_prefix(root).expect("it was found there").to_owned()),
        }
    }
}

/// Runs cargo in a folder, and gives what it printed.
pub(super) fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).args(arguments).current_dir(folder))
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
