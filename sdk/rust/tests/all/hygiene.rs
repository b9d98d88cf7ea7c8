//! Expansions need nothing from the crate they are in, and wake none of its lints: natively, and for wasm, where the entry
//! points are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasmparser::{Parser, Payload};

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");
/// How the crate's manifest refers to this package.
const PATH_DEPENDENCY: &str = r#"path = "../..""#;

/// A copy of `tests/hygiene-crate` with the workspace's lock file beside it: the versions are those of every other test.
struct HygieneCrate {
    directory: PathBuf,
}

impl HygieneCrate {
    /// `name` is that of the test: tests run at the same time, each with a copy of its own.
    fn new(name: &str) -> Self {
        let source = Path::new(PACKAGE).join("tests/hygiene-crate");
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hygiene").join(name);
        fs::create_dir_all(directory.join("src")).unwrap();
        let manifest = fs::read_to_string(source.join("Cargo.toml")).unwrap();
        assert!(manifest.contains(PATH_DEPENDENCY), "the manifest no longer has `{PATH_DEPENDENCY}`:\n{manifest}");
        let manifest = manifest.replace(PATH_DEPENDENCY, &format!("path = {PACKAGE:?}"));
        fs::write(directory.join("Cargo.toml"), manifest).unwrap();
        fs::copy(source.join("src/lib.rs"), directory.join("src/lib.rs")).unwrap();
        fs::copy(Path::new(PACKAGE).join("../../Cargo.lock"), directory.join("Cargo.lock")).unwrap();
        Self { directory }
    }

    /// Runs cargo in the copy; what it says is shown if it fails.
    fn cargo(&self, arguments: &[&str]) {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // Offline: whoever compiled this test has everything that the crate needs.
        command.args(arguments).arg("--offline").current_dir(&self.directory);
        command.env("CARGO_TARGET_DIR", self.target());
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            command.env_remove(variable);
        }
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "cargo {} failed\n{}\n{}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Builds the module for an ABI and gives the names of its exported functions.
    fn exports(&self, abi: &str) -> Vec<String> {
        let target = "wasm32-wasip1";
        self.cargo(&["build", "--target", target, "--no-default-features", "--features", abi]);
        let module = fs::read(self.target().join(target).join("debug/hygiene_crate.wasm")).unwrap();
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(&module) {
            if let Payload::ExportSection(exports) = payload.unwrap() {
                names.extend(exports.into_iter().map(|export| export.unwrap().name.to_owned()));
            }
        }
        names
    }

    fn target(&self) -> PathBuf {
        self.directory.join("target")
    }
}

#[test]
fn natively() {
    HygieneCrate::new("native").cargo(&["test", "--lib"]);
}

/// With schemas: a build that `cargo admit scaffold` makes, of the same source.
#[test]
fn with_schemas() {
    let hygiene = HygieneCrate::new("schema");
    hygiene.cargo(&["test", "--lib", "--features", "policy_kit/schema"]);
    let wapc = hygiene.exports("wapc,policy_kit/schema");
    assert!(wapc.iter().any(|name| name == "__guest_call"), "{wapc:?}");
}

#[test]
fn for_wasm() {
    let hygiene = HygieneCrate::new("wasm");

    let wapc = hygiene.exports("wapc");
    assert!(wapc.iter().any(|name| name == "__guest_call"), "{wapc:?}");
    assert!(wapc.iter().any(|name| name == "wapc_init"), "{wapc:?}");
    assert!(!wapc.iter().any(|name| name == "_start"), "{wapc:?}");

    let wasi = hygiene.exports("wasi");
    assert!(wasi.iter().any(|name| name == "_start"), "{wasi:?}");
    assert!(!wasi.iter().any(|name| name == "__guest_call"), "{wasi:?}");
}
