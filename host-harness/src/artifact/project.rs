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
}

impl Project {
    /// Opens the crate in `path`, a folder or a `Cargo.toml`, and checks that it produces a module.
    pub fn open(path: &Path) -> Result<Self, BuildError> {
        let manifest = if path.is_dir() { path.join("Cargo.toml") } else { path.to_owned() };
        let named_so = manifest.file_name().is_some_and(|name| name == "Cargo.toml");
        let manifest = match manifest.canonicalize() {
            Ok(manifest) if named_so => manifest,
            _ => return Err(BuildError::NoManifest(path.to_owned())),
        };
        let folder = manifest.parent().expect("a canonical path of a file has a parent");
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
        Ok(Self { package, target_directory: without_parents(metadata.target_directory.as_std_path()) })
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

/// Removes `..` from a path: the `target-dir` of a cargo configuration can have it. After a symbolic link it stays, as it
/// leads elsewhere there.
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
