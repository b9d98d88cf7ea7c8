//! The policies that are asked, and what they are asked.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use admit_runtime::request::{AdmissionRequest, Request};
use serde_json::{Map, Value, json};

/// A policy and settings for it.
pub(crate) struct Subject {
    pub(crate) module: Vec<u8>,
    pub(crate) settings: Map<String, Value>,
}

/// The policy of `examples/pod-privileged`, which is made with this project's SDK.
pub(crate) static OURS: LazyLock<Subject> =
    LazyLock::new(|| Subject { module: built("Cargo.toml", "pod-privileged", "pod_privileged"), settings: Map::new() });

/// The same policy, made with upstream's SDK.
pub(crate) static UPSTREAMS: LazyLock<Subject> = LazyLock::new(|| Subject {
    module: built("tests/peers/Cargo.toml", "upstream-pod-privileged", "upstream_pod_privileged"),
    settings: Map::new(),
});

/// A request to create a Pod, 3.4 KB of JSON.
pub(crate) fn request() -> AdmissionRequest {
    serde_json::from_str(include_str!("request.json")).expect("an admission request")
}

/// What a host sends to the policy.
pub(crate) fn payload(subject: &Subject) -> Vec<u8> {
    json!({"request": request(), "settings": subject.settings}).to_string().into_bytes()
}

pub(crate) fn kubernetes() -> Request {
    Request::Kubernetes(Box::new(request()))
}

/// The waPC module of a policy in this repository.
fn built(manifest: &str, package: &str, file: &str) -> Vec<u8> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = root.join("target/bench");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--release", "--target", "wasm32-wasip1", "--package", package, "--manifest-path"])
        .arg(root.join(manifest))
        .arg("--target-dir")
        .arg(&target)
        .status()
        .expect("cargo runs");
    assert!(status.success(), "{package} does not build");
    let module = target.join("wasm32-wasip1/release").join(file).with_extension("wasm");
    std::fs::read(&module).unwrap_or_else(|error| panic!("{}: {error}", module.display()))
}
