//! What a policy may ask of the host, and who answers.
//!
//! A call passes the gates ([`HostCapabilities`], [`ContextAware`]; [`Grants`] has what a policy declares) before it
//! reaches a [`Capabilities`]: files that say what there is ([`World`]), a recorded session ([`Replay`]), answers written
//! in Rust ([`Scripted`]), or nothing ([`NoSource`], [`NoCapabilities`]). [`Recorder`], [`Faulty`] and [`Network`] go around
//! another one.
//!
//! The gates are Kubewarden's. On Chainloop a policy has two calls of its own ([`CHAINLOOP_OPERATIONS`]), which pass none.
//!
//! Answers are always fresh: upstream's caches (5 seconds for the cluster and for `can_i`, 60 seconds for registries and
//! signatures) are not copied. Asking twice reaches the source twice, whatever `disable_cache` says.

mod dispatch;
mod error;
mod faults;
mod gates;
mod kept;
mod log;
mod native;
mod network;
mod no_source;
mod request;
mod scripted;
mod session;
mod world;

pub(crate) use dispatch::HostSide;
pub use error::CallError;
pub use faults::{Fault, FaultRule, Faulty, SeenCall};
pub use gates::{ContextAware, Grants, HostCapabilities, PatternError};
pub use native::Native;
pub use network::Network;
pub use no_source::NoSource;
pub use request::{
    CHAINLOOP_OPERATIONS, Certificate, CertificateEncoding, CertificateVerificationRequest, HostRequest, KeylessInfo,
    KeylessPrefixInfo, OPERATIONS, ResourceAttributes, SubjectAccessReview,
};
pub use scripted::{Scripted, ScriptedCall};
pub use session::{Exchange, Recorder, Replay, Session, SessionError};
pub use world::World;

/// What stands before the text of a capability that failed.
const CALLBACK_FAILURE: &str = "Callback evaluation failure: ";

fn callback_failure(text: &str) -> String {
    format!("{CALLBACK_FAILURE}{text}")
}

/// A capability that failed, in the words of the host that has it: the prefix is Kubewarden's.
fn failure(namespace: &str, text: &str) -> CallError {
    match request::is_chainloops(namespace) {
        true => CallError::Failed(text.to_owned()),
        false => CallError::Failed(callback_failure(text)),
    }
}

/// Answers a policy's host calls.
///
/// Logging is not among them: the harness keeps log records itself. One value may serve several evaluations at once.
pub trait Capabilities: Send + Sync {
    /// Answers one call, for example `("net", "v1/dns_lookup_host", br#""example.com""#)`.
    ///
    /// The gates were passed, and [`HostRequest::parse`] understands the payload, unless the call
    /// [is an extension](Self::is_extension).
    ///
    /// What a Chainloop policy asks arrives here as well, without gates: `http`/`request` and `chainloop`/`discover`.
    ///
    /// # Errors
    ///
    /// [`CallError::Failed`] is a host that fails: the guest receives the text. [`CallError::Unanswerable`] and
    /// [`CallError::TimedOut`] end the run.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError>;

    /// Whether an operation that Kubewarden does not have is answered as well; its payload can be anything. By default
    /// none is: the guest is told that the operation or namespace is unknown, as upstream tells it.
    fn is_extension(&self, _namespace: &str, _operation: &str) -> bool {
        false
    }
}

/// Denies every call, as Kubewarden does for a policy that was granted nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCapabilities;

impl Capabilities for NoCapabilities {
    fn call(&self, namespace: &str, operation: &str, _payload: &[u8]) -> Result<Vec<u8>, CallError> {
        Err(dispatch::denied(namespace, operation).into())
    }

    /// Upstream denies before it looks whether the operation exists.
    fn is_extension(&self, _namespace: &str, _operation: &str) -> bool {
        true
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
