//! What a policy may ask of the host, and who answers.

mod dispatch;
mod log;

pub(crate) use dispatch::HostSide;

/// Answers a policy's host calls.
///
/// Logging is not among them: the harness keeps log records itself. One value may serve several evaluations at once.
pub trait Capabilities: Send + Sync {
    /// Answers one call, for example `("net", "v1/dns_lookup_host", br#""example.com""#)`.
    ///
    /// # Errors
    ///
    /// The text of the error that the guest receives.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String>;
}

/// Denies every call, as Kubewarden does for a policy that was granted nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCapabilities;

impl Capabilities for NoCapabilities {
    /// The check comes before everything else upstream, so a call that does not even exist gets the same text.
    fn call(&self, namespace: &str, operation: &str, _payload: &[u8]) -> Result<Vec<u8>, String> {
        Err(format!(
            "Policy has not been granted access to the '{namespace}/{operation}' host capability. The violation has been reported."
        ))
    }
}
