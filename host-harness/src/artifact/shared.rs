//! The target folder that the builds of all kinds share: for each ABI, with and without line tables or schemas.
//!
//! Cargo names what it compiles by all that decides how, so that kinds of builds find each other's dependencies in one folder.
//! A policy is the exception: what is made of it is named by its crate only, and with one kind cargo would undo the other.
//! So that is in a folder for each kind, and where cargo looks for it only while that kind is built.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// In these folders is what cargo compiled, and what it knows of how it did.
const DEPS: &str = "deps";
const FINGERPRINTS: &str = ".fingerprint";

/// A build of one kind in the shared target folder. There is one at a time, of all processes.
pub(super) struct SharedTarget {
    folder: PathBuf,
    /// Where cargo has what it compiled for WebAssembly.
    compiled: PathBuf,
    /// Where the policies of this kind are between builds, in the same folders.
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
        // Nobody knows of which kind that is what a build left that was interrupted. Cargo compiles it again.
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

    /// Makes room for a build of another kind.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub(super) fn leave(self) -> io::Result<()> {
        moved(&self.compiled, &self.kept)
    }
}

/// A move leaves the times of the last changes, by which cargo tells whether sources are newer. What a move left there that was
/// interrupted is replaced.
fn moved(from: &Path, to: &Path) -> io::Result<()> {
    named_by_crate(from)?.iter().try_for_each(|path| {
        let (from, to) = (from.join(path), to.join(path));
        if to.is_dir() {
            fs::remove_dir_all(&to)?;
        }
        fs::rename(from, to)
    })
}

/// What is made of crates whose files have no hash in their names: these files, and the fingerprints of the crates. The paths
/// begin at `root`.
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

/// Names of what is in a folder; none of a file. Cargo gives names that are text.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// Whether there is one at the end of the name, as in `libserde-0123456789abcdef.rlib`.
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
