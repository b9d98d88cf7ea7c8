//! A policy crate on disk.

use std::path::{Component, Path, PathBuf};

use cargo_metadata::{CrateType, MetadataCommand, Package, TargetKind};

use super::{BuildError, environment, features};
use crate::Abi;

/// A crate that can be built as a policy.
#[derive(Clone, Debug)]
pub struct Project {
    pub(super) package: Package,
    /// Target folder of the workspace.
    pub(super) target_directory: PathBuf,
    /// Whether the user wants what cargo makes on the way in another folder.
    pub(super) builds_elsewhere: bool,
}

impl Project {
    /// Opens the crate in `path`, a folder or a `Cargo.toml`, and checks that it produces a module.
    pub fn open(path: &Path) -> Result<Self, BuildError> {
        let manifest = if path.is_dir() { path.join("Cargo.toml") } else { path.to_owned() };
        let named_so = manifest.file_name().is_some_and(|name| name == "Cargo.toml");
        let manifest = match named_by_cargo(&manifest) {
            Ok(manifest) if named_so && manifest.is_file() => manifest,
            _ => return Err(BuildError::NoManifest(path.to_owned())),
        };
        let folder = manifest.parent().expect("an absolute path of a file has a parent");
        let metadata = metadata(&manifest, folder)?;
        let own = metadata.packages.iter().find(|p| p.manifest_path.as_std_path() == manifest);
        let Some(package) = own.cloned() else {
            let policies = metadata.workspace_packages().into_iter().filter(|p| has_cdylib(p));
            let policies = policies.filter_map(|p| Some(p.manifest_path.parent()?.as_std_path().to_owned()));
            return Err(BuildError::Workspace { path: manifest, policies: policies.collect() });
        };
        let one_binary = package.targets.iter().filter(|t| t.is_kind(TargetKind::Bin)).count() == 1;
        // Policies of other toolkits may be plain WASI programs.
        if !has_cdylib(&package) && (features::uses_admit(&package) || !one_binary) {
            return Err(BuildError::NoCdylib(manifest));
        }
        let builds_elsewhere = metadata.build_directory.as_ref().is_some_and(|dir| *dir != metadata.target_directory);
        let target_directory = without_parents(metadata.target_directory.as_std_path());
        Ok(Self { package, target_directory, builds_elsewhere })
    }

    /// Name of the crate.
    pub fn name(&self) -> &str {
        &self.package.name
    }

    /// Folder of the crate.
    pub fn folder(&self) -> &Path {
        self.package.manifest_path.parent().expect("a manifest is in a folder").as_std_path()
    }

    /// The ABIs that the manifest offers, waPC first.
    ///
    /// Empty for a crate that is not written with `admit`: its ABI shows in the module only.
    pub fn abis(&self) -> Vec<Abi> {
        let offered = |abi: &Abi| self.uses_admit() && features::selection(&self.package, *abi).is_some();
        Abi::ALL.iter().copied().filter(offered).collect()
    }

    pub(super) fn uses_admit(&self) -> bool {
        features::uses_admit(&self.package)
    }

    pub(super) fn has_cdylib(&self) -> bool {
        has_cdylib(&self.package)
    }
}

/// The manifest's path, as cargo gives it: absolute and without `..`. A link is not followed, since a manifest is about the sources
/// that are beside its link: cargo builds these, and looks for the workspace above them.
fn named_by_cargo(manifest: &Path) -> std::io::Result<PathBuf> {
    let mut clean = PathBuf::new();
    for component in std::path::absolute(manifest)?.components() {
        match component {
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    Ok(clean)
}

/// A path without `..`, which the `target-dir` of a cargo configuration brings; after a link it stays, as it leads elsewhere there.
fn without_parents(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir if clean.file_name().is_some() && !clean.is_symlink() => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

fn has_cdylib(package: &Package) -> bool {
    package.targets.iter().any(|t| t.is_kind(TargetKind::CDyLib) || t.crate_types.contains(&CrateType::CDyLib))
}

fn metadata(manifest: &Path, folder: &Path) -> Result<cargo_metadata::Metadata, BuildError> {
    let mut command = environment::cargo_metadata(folder);
    command.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]).arg(manifest);
    let output = command
        .output()
        .map_err(|source| BuildError::NoTool { program: command.get_program().display().to_string(), source })?;
    let failed = |output: String| BuildError::Metadata { path: manifest.to_owned(), output };
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    MetadataCommand::parse(String::from_utf8_lossy(&output.stdout)).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn manifests_are_named_as_cargo_names_them() {
        let folder = tempfile::TempDir::new().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/usr/bin", &link).unwrap();
        assert_eq!(named_by_cargo(&link.join("Cargo.toml")).unwrap(), link.join("Cargo.toml"));
        assert_eq!(named_by_cargo(&link.join("../Cargo.toml")).unwrap(), folder.path().join("Cargo.toml"));
        assert_eq!(named_by_cargo(Path::new("/../a/./Cargo.toml")).unwrap(), Path::new("/a/Cargo.toml"));
        let here = std::env::current_dir().unwrap();
        assert_eq!(named_by_cargo(Path::new("./Cargo.toml")).unwrap(), here.join("Cargo.toml"));
    }

    #[test]
    fn parents_are_left_out() {
        for (path, expected) in [
            ("/nowhere/tests/peers/../../target", "/nowhere/target"),
            ("/nowhere/target", "/nowhere/target"),
            ("/../target", "/../target"),
            ("../../target", "../../target"),
        ] {
            assert_eq!(without_parents(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_elsewhere() {
        let folder = tempfile::TempDir::new().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/usr/bin", &link).unwrap();
        assert_eq!(without_parents(&link.join("../target")), link.join("../target"));
    }
}
