//! A run without a source of answers.

use super::{CallError, Capabilities};

/// Has no answer for any call: the first one that is authorised ends the run with
/// [`Failure::Unanswerable`](crate::outcome::Failure::Unanswerable) and the hint what to do about it.
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
        let payload = super::shown(payload);
        Err(CallError::Unanswerable(format!("{namespace}/{operation} with {payload}; {}", self.hint)))
    }
}
