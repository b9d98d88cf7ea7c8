//! The guest that is written with the SDK.

use std::sync::LazyLock;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::{Abi, CompiledPolicy};

use crate::support::{engine, repository};

/// The policy that plays scripts, on this ABI.
pub(super) fn policy(abi: Abi) -> &'static CompiledPolicy {
    static WAPC: LazyLock<CompiledPolicy> = LazyLock::new(|| build(Abi::Wapc));
    static WASI: LazyLock<CompiledPolicy> = LazyLock::new(|| build(Abi::Wasi));
    match abi {
        Abi::Wapc => &WAPC,
        Abi::Wasi => &WASI,
    }
}

fn build(abi: Abi) -> CompiledPolicy {
    let project = Project::open(&repository().join("tests/guests/scripted")).expect("the policy crate is there");
    let artifact = project.build(Some(abi), &BuildOptions::default()).expect("the policy builds");
    CompiledPolicy::from_file(engine(), &artifact.path).expect("it loads")
}
