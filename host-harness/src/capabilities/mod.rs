//! Who answers what a policy asks of its host in a test.
//!
//! A call that is authorised reaches a [`Capabilities`]: files that say what there is ([`World`]), a recorded session ([`Replay`]),
//! answers written in Rust ([`Scripted`]), or nothing ([`NoSource`], [`NoCapabilities`]). [`Recorder`], [`Faulty`] and [`Network`]
//! go around another one.

mod faults;
mod kept;
mod native;
mod network;
mod no_source;
mod scripted;
mod session;
mod world;

use admit::wire::CALLBACK_FAILURE;
#[doc(inline)]
pub use admit_runtime::calls::{
    CHAINLOOP_OPERATIONS, CallError, Capabilities, Certificate, CertificateEncoding, CertificateVerificationRequest,
    ContextAware, Grants, HostCapabilities, HostRequest, KeylessInfo, KeylessPrefixInfo, NoCapabilities, OPERATIONS,
    PatternError, ResourceAttributes, SubjectAccessReview,
};
use admit_runtime::internal::is_chainloops;
pub use faults::{Fault, FaultRule, Faulty, SeenCall};
pub use native::Native;
pub use network::Network;
pub use no_source::NoSource;
pub use scripted::{Scripted, ScriptedCall};
pub use session::{Exchange, Recorder, Replay, Session, SessionError};
pub use world::World;

fn callback_failure(text: &str) -> String {
    format!("{CALLBACK_FAILURE}{text}")
}

/// A capability that failed, in the words of the host that has it: the prefix is Kubewarden's.
fn failure(namespace: &str, text: &str) -> CallError {
    match is_chainloops(namespace) {
        true => CallError::Failed(text.to_owned()),
        false => CallError::Failed(callback_failure(text)),
    }
}

/// Characters of a payload that a message shows: it is as large as its guest wants it.
const MAX_SHOWN: usize = 200;

/// A payload for people.
pub(crate) fn shown(payload: &[u8]) -> String {
    let text = String::from_utf8_lossy(payload);
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
