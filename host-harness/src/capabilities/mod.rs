//! Sources of the answers to host calls, for tests.
//!
//! A call that is authorised reaches a [`Capabilities`]: files that say what there is ([`World`]), a recorded session ([`Replay`]),
//! answers written in Rust ([`Scripted`]), or nothing ([`NoSource`], [`NoCapabilities`]). [`Recorder`], [`Faulty`] and [`Network`]
//! go around another one.

mod clock_hint;
mod faults;
mod kept;
mod native;
mod network;
mod no_source;
mod readable;
mod scripted;
mod session;
mod world;

use admit::wire::CALLBACK_FAILURE;
use admit_runtime::Deadline;
#[doc(inline)]
pub use admit_runtime::calls::{
    CHAINLOOP_OPERATIONS, CallError, Capabilities, Certificate, CertificateEncoding, CertificateVerificationRequest,
    ContextAware, Grants, HostCapabilities, HostRequest, KeylessInfo, KeylessPrefixInfo, NoCapabilities, OPERATIONS,
    PatternError, ResourceAttributes, SubjectAccessReview,
};
use admit_runtime::internal::is_chainloops;
pub use clock_hint::clock_hint;
pub use faults::{Fault, FaultRule, Faulty, SeenCall};
pub use native::Native;
pub use network::Network;
pub use no_source::NoSource;
pub use readable::readable;
pub(crate) use readable::shown;
pub use scripted::{Scripted, ScriptedCall};
pub use session::{Exchange, Mismatch, Missing, Recorder, Replay, Session, SessionError};
pub use world::World;

fn callback_failure(text: &str) -> String {
    format!("{CALLBACK_FAILURE}{text}")
}

/// The error of a capability that failed. On Kubewarden its text has a prefix, on Chainloop it does not.
fn failure(namespace: &str, text: &str) -> CallError {
    match is_chainloops(namespace) {
        true => CallError::Failed(text.to_owned()),
        false => CallError::Failed(callback_failure(text)),
    }
}
