//! Guests that cargo compiles as it is told, without the build of `admit_host::artifact`, in the target folder that this one uses.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::repository;

/// What cargo compiled. No other build goes on in the target folder as long as this lives; the next one may replace it.
pub(crate) struct Compiled {
    folder: PathBuf,
    _lock: File,
}

impl Compiled {
    /// What `cargo build` makes of a package with these features; of its examples, if it is told so among the `arguments`.
    pub(crate) fn new(package: &str, features: &str, arguments: &[&str]) -> Self {
        let target = repository().join("target/admit/build");
        let kept = target.join("kept");
        fs::create_dir_all(&kept).unwrap_or_else(|error| panic!("{}: {error}", kept.display()));
        // The lock of the builds of `admit_host::artifact`: what they move cargo must not look for meanwhile.
        let lock = File::create(kept.join(".lock")).expect("the folder can be written");
        lock.lock().expect("a lock that other builds release");
        let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--release", "--target", "wasm32-wasip1", "-p", package, "--features", features])
            .args(arguments)
            .arg("--target-dir")
            .arg(&target)
            .current_dir(repository())
            .output()
            .expect("cargo runs");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        Self { folder: target.join("wasm32-wasip1/release"), _lock: lock }
    }

    /// Where the modules are, and in `examples` those of examples.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}
