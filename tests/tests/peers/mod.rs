//! A second opinion from crates that share no code with this project: `kubewarden-policy-sdk` as a peer guest, `wapc` with
//! `wasmtime-provider` as a peer host, and the types of `k8s-openapi`. For Chainloop, `extism-pdk` and `extism`.

mod capabilities;
mod extism;
mod guest;
mod moved;
mod pod_privileged;
mod port;
mod typed;

pub(crate) use guest::build;
use libtest_mimic::Trial;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let trials = [
        capabilities::trials(),
        extism::trials(),
        moved::trials(),
        pod_privileged::trials(),
        port::trials(),
        typed::trials(),
    ];
    trials.into_iter().flatten().collect()
}
