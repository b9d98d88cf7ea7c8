//! The guests that are written with the SDK.

use std::path::PathBuf;
use std::sync::LazyLock;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::{Abi, CompiledPolicy};

use crate::support::{engine, repository};

/// The policy that plays scripts, for this kind of request and on this ABI.
pub(super) fn policy(raw: bool, abi: Abi) -> &'static CompiledPolicy {
    static WAPC: LazyLock<CompiledPolicy> = LazyLock::new(|| build("scripted", Abi::Wapc));
    static WASI: LazyLock<CompiledPolicy> = LazyLock::new(|| build("scripted", Abi::Wasi));
    static RAW_WAPC: LazyLock<CompiledPolicy> = LazyLock::new(|| build("scripted-raw", Abi::Wapc));
    static RAW_WASI: LazyLock<CompiledPolicy> = LazyLock::new(|| build("scripted-raw", Abi::Wasi));
    match (raw, abi) {
        (false, Abi::Wapc) => &WAPC,
        (false, Abi::Wasi) => &WASI,
        (true, Abi::Wapc) => &RAW_WAPC,
        (true, Abi::Wasi) => &RAW_WASI,
        (_, Abi::Extism) => panic!("these cases are about admission"),
    }
}

/// The module of the policy that plays scripts, on this ABI.
pub(super) fn bytes(abi: Abi) -> Vec<u8> {
    std::fs::read(path("scripted", abi)).expect("the module")
}

fn build(name: &str, abi: Abi) -> CompiledPolicy {
    CompiledPolicy::from_file(engine(), &path(name, abi)).expect("it loads")
}

fn path(name: &str, abi: Abi) -> PathBuf {
    let project = Project::open(&repository().join("tests/guests").join(name)).expect("the policy crate is there");
    project.build(Some(abi), &BuildOptions::default()).expect("the policy builds").path
}
