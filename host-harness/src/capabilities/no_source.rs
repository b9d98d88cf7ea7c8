//! A run without a source of answers.

use super::world::certificates;
use super::{CallError, Capabilities, HostRequest};

/// Has no answer for any call that needs one to be given: the first one that is authorised ends the run with
/// [`Failure::Unanswerable`](crate::outcome::Failure::Unanswerable) and the hint what to do about it.
///
/// Whether a certificate is trusted needs none: it is computed, as in a [`World`](super::World) that says nothing.
///
/// [`NoCapabilities`](super::NoCapabilities) is a host that denies; this is a test that is not complete.
#[derive(Clone, Debug)]
pub struct NoSource {
    hint: String,
}

impl NoSource {
    /// `hint` says what is missing, for example `this run has no world; give --world or --replay`.
    pub fn new(hint: impl Into<String>) -> Self {
        Self { hint: hint.into() }
    }
}

impl Capabilities for NoSource {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        if (namespace, operation) == ("crypto", "v1/is_certificate_trusted")
            && let HostRequest::CryptoIsCertificateTrusted { request } =
                HostRequest::parse(namespace, operation, payload)?
        {
            let answer = certificates::is_trusted(&request, certificates::fixed_clock());
            return answer.map(|answer| answer.to_string().into_bytes());
        }
        let payload = super::shown(payload);
        Err(CallError::Unanswerable(format!("{namespace}/{operation} with {payload}; {}", self.hint)))
    }
}
