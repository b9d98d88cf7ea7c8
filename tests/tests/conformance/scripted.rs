//! The guests that are written with the SDK.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use admit_host::artifact::{BuildOptions, Project};
use admit_host::{Abi, CompiledPolicy, Profile};

use crate::support::{engine_of, repository};

/// The policy that plays scripts, for this kind of request and on this ABI.
pub(super) fn policy(raw: bool, abi: Abi, profile: Profile) -> CompiledPolicy {
    static LOADED: Mutex<BTreeMap<(bool, Abi, bool), CompiledPolicy>> = Mutex::new(BTreeMap::new());
    let key = (raw, abi, profile == Profile::Serving);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let load = || {
        let path = path(if raw { "scripted-raw" } else { "scripted" }, abi);
        CompiledPolicy::from_file(engine_of(profile), &path).expect("it loads")
    };
    loaded.entry(key).or_insert_with(load).clone()
}

/// The module of the policy that plays scripts, on this ABI.
pub(super) fn bytes(abi: Abi) -> Vec<u8> {
    std::fs::read(path("scripted", abi)).expect("the module")
}

fn path(name: &str, abi: Abi) -> PathBuf {
    let project = Project::open(&repository().join("tests/guests/rust").join(name)).expect("the policy crate is there");
    project.build(Some(abi), &BuildOptions::default()).expect("the policy builds").path
}
