//! The target folder that the builds of all kinds share: for each ABI, with and without line tables or schemas.
//!
//! Cargo puts a hash of everything that decides how a crate is compiled into the names of its files, so builds of all kinds
//! can share their dependencies in one folder. The files of the policy itself are named after the crate only, so a build of
//! one kind would replace those of another. They are therefore kept in a folder for each kind, and are where cargo looks for
//! them only while that kind is built.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Folders of cargo: compiled files, and the fingerprints that say whether they are up to date.
const DEPS: &str = "deps";
const FINGERPRINTS: &str = ".fingerprint";

/// A build of one kind in the shared target folder. A lock allows one at a time, over all processes.
pub(super) struct SharedTarget {
    folder: PathBuf,
    /// Cargo's output folder for WebAssembly.
    compiled: PathBuf,
    /// The folder that keeps the policies' files of this kind between builds, with the same subfolders.
    kept: PathBuf,
    _lock: File,
}

impl SharedTarget {
    /// Waits for the end of the build that goes on in `folder`, if there is one, and puts the policies of `kind` in their place.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub(super) fn enter(folder: PathBuf, kind: &str) -> io::Result<Self> {
        let compiled = folder.join(super::TARGET).join("release");
        let kept = folder.join("kept").join(kind);
        for root in [&compiled, &kept] {
            fs::create_dir_all(root.join(DEPS))?;
            fs::create_dir_all(root.join(FINGERPRINTS))?;
        }
        let lock = File::create(folder.join("kept/.lock"))?;
        lock.lock()?;
        // Files that an interrupted build left can be of any kind, so they are removed, and cargo compiles them again.
        for path in named_by_crate(&compiled)? {
            let path = compiled.join(path);
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
        moved(&kept, &compiled)?;
        Ok(Self { folder, compiled, kept, _lock: lock })
    }

    /// The folder, for cargo.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Moves the policies' files away, so that builds of other kinds do not replace them.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub(super) fn leave(self) -> io::Result<()> {
        moved(&self.compiled, &self.kept)
    }
}

/// Moves the policies' files. A move keeps the modification times, by which cargo decides whether sources are newer. Files
/// that an interrupted move left at the destination are replaced.
fn moved(from: &Path, to: &Path) -> io::Result<()> {
    named_by_crate(from)?.iter().try_for_each(|path| {
        let (from, to) = (from.join(path), to.join(path));
        if to.is_dir() {
            fs::remove_dir_all(&to)?;
        }
        fs::rename(from, to)
    })
}

/// Files of crates whose names have no hash: the compiled files, and the fingerprints of these crates. The paths are
/// relative to `root`.
fn named_by_crate(root: &Path) -> io::Result<Vec<PathBuf>> {
    let files = names(&root.join(DEPS))?.into_iter().filter(|name| !has_hash(name));
    let (notes, files): (Vec<_>, Vec<_>) = files.partition(|name| name.ends_with(".d"));
    let crates: Vec<&str> = notes.iter().map(|name| name.trim_end_matches(".d")).collect();
    let mut found: Vec<PathBuf> = notes.iter().chain(&files).map(|name| Path::new(DEPS).join(name)).collect();
    for folder in names(&root.join(FINGERPRINTS))? {
        let of_them = names(&root.join(FINGERPRINTS).join(&folder))?.iter().any(|name| {
            ["dep-lib-", "dep-bin-"]
                .iter()
                .any(|kind| name.strip_prefix(kind).is_some_and(|name| crates.contains(&name)))
        });
        if of_them {
            found.push(Path::new(FINGERPRINTS).join(folder));
        }
    }
    Ok(found)
}

/// Names of the entries of a folder; empty for a file. The names that cargo gives are UTF-8.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// Whether a name ends with a hash, as in `libserde-0123456789abcdef.rlib`.
fn has_hash(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_a_hash_are_known() {
        for (file, expected) in [
            ("libserde-0123456789abcdef.rlib", true),
            ("serde-0123456789abcdef.d", true),
            ("serde-0123456789abcdef.serde.1a2b-cgu.0.rcgu.o", true),
            ("pod_privileged.wasm", false),
            ("libpod_privileged.rlib", false),
            ("pod-privileged.d", false),
            ("pod-0123456789.wasm", false),
        ] {
            assert_eq!(has_hash(file), expected, "{file}");
        }
    }

    #[test]
    fn a_kind_finds_its_own_policies_and_no_others() {
        let temporary = tempfile::TempDir::new().unwrap();
        let folder = temporary.path();
        let release = folder.join(super::super::TARGET).join("release");
        let (module, fingerprint) =
            (release.join("deps/policy.wasm"), release.join(".fingerprint/policy-0123456789abcdef"));
        let enter = |kind| SharedTarget::enter(folder.to_owned(), kind).unwrap();
        let compile = |kind| {
            fs::write(&module, kind).unwrap();
            fs::write(release.join("deps/policy.d"), kind).unwrap();
            fs::create_dir_all(&fingerprint).unwrap();
            fs::write(fingerprint.join("dep-lib-policy"), kind).unwrap();
        };
        let dependency = release.join(".fingerprint/serde-0123456789abcdef/dep-lib-serde");

        let wapc = enter("wapc");
        compile("wapc");
        fs::create_dir_all(dependency.parent().unwrap()).unwrap();
        fs::write(&dependency, "").unwrap();
        let changed = fs::metadata(&module).unwrap().modified().unwrap();
        wapc.leave().unwrap();

        let wasi = enter("wasi");
        assert!(!module.exists() && !fingerprint.exists() && dependency.exists());
        compile("wasi");
        // Interrupted.
        drop(wasi);

        let wapc = enter("wapc");
        assert_eq!(fs::read_to_string(&module).unwrap(), "wapc");
        assert_eq!(fs::read_to_string(fingerprint.join("dep-lib-policy")).unwrap(), "wapc");
        assert_eq!(fs::metadata(&module).unwrap().modified().unwrap(), changed);
        wapc.leave().unwrap();

        // The end of a move that was interrupted: a fingerprint is left without the files that tell whose it is.
        fs::create_dir_all(&fingerprint).unwrap();
        fs::write(fingerprint.join("dep-lib-policy"), "older").unwrap();
        let wapc = enter("wapc");
        assert_eq!(fs::read_to_string(fingerprint.join("dep-lib-policy")).unwrap(), "wapc");
        wapc.leave().unwrap();

        assert!(enter("wasi").folder().is_dir());
        assert!(!module.exists() && !fingerprint.exists() && dependency.exists());
    }
}
