//! What a policy may ask of its host, and the trait that answers.
//!
//! A call of a Kubewarden policy is authorised first: by operation ([`HostCapabilities`]) and, for what is read of the cluster, by
//! kind ([`ContextAware`]). Both together are its [`Grants`]. Then a [`Capabilities`] answers. On Chainloop a policy has two calls
//! of its own ([`CHAINLOOP_OPERATIONS`]), which need no grant.
//!
//! Nothing is cached here: upstream's caches (5 seconds for the cluster and for `can_i`, 60 seconds for registries and signatures)
//! are not copied. Asking twice reaches the [`Capabilities`] twice, whatever `disable_cache` says.

mod authorisation;
mod dispatch;
mod error;
mod log;
mod request;

use crate::deadline::Deadline;
pub use crate::operations::{CHAINLOOP_OPERATIONS, OPERATIONS};
pub use authorisation::{ContextAware, Grants, HostCapabilities, PatternError};
pub(crate) use dispatch::{Budget, HostSide};
pub use error::CallError;
pub(crate) use log::LogBook;
pub use log::LogSink;
pub use request::{
    Certificate, CertificateEncoding, CertificateVerificationRequest, HostRequest, KeylessInfo, KeylessPrefixInfo,
    ResourceAttributes, SubjectAccessReview,
};

/// Largest body of an HTTP response that a Chainloop policy gets, in bytes.
pub const MAX_RESPONSE: usize = 50 << 20;

/// The host's end of a call: answers what a policy asked and was authorised to ask. (The policy's end is `HostClient` of the
/// SDK.)
///
/// Logging is not among them: the host keeps log records itself. One value may serve several evaluations at once.
pub trait Capabilities: Send + Sync {
    /// Answers one call, for example `("net", "v1/dns_lookup_host", br#""example.com""#)`.
    ///
    /// The call is authorised, and [`HostRequest::parse`] understands the payload, unless the call
    /// [is an extension](Self::is_extension).
    ///
    /// What a Chainloop policy asks arrives here as well, without a grant: `http`/`request` and `chainloop`/`discover`.
    ///
    /// # Errors
    ///
    /// [`CallError::Failed`] is a host that fails: the guest receives the text. [`CallError::Unanswerable`] and
    /// [`CallError::TimedOut`] end the run.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError>;

    /// As [`call`](Self::call), for an evaluation that has to be over at `deadline`: this is what an evaluation calls.
    ///
    /// The run ends when an answer comes later than that, but nobody interrupts the work on it. So what may wait (for a network,
    /// a cluster) overrides this and gives up in time, with [`CallError::TimedOut`]; what passes calls on to others overrides it to
    /// pass the deadline on.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call).
    fn call_until(
        &self,
        _deadline: Deadline,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, CallError> {
        self.call(namespace, operation, payload)
    }

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
