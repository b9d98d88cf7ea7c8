//! Capabilities for policies that are called natively.

use super::{CallError, Capabilities};

/// Any [`Capabilities`] as the host of a native unit test: what a module is answered, its function is answered too.
///
/// Log records are dropped. Calls need no grant.
///
/// ```
/// # use admit_host::capabilities::{Native, Replay, Session};
/// let session = Session::parse(
///     b"[{type: Exchange, request: '!DNSLookupHost {host: a.example}', response: {type: Error, message: gone}}]",
///     "session.yml",
/// )?;
/// let host = admit::Host::new(Native(Replay::strict(session)));
/// let error = host.net().dns_lookup_host("a.example").unwrap_err();
/// assert_eq!(error.message(), "Callback evaluation failure: gone");
/// # Ok::<(), admit_host::input::InputError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Native<C>(
    /// The capabilities that answer.
    pub C,
);

impl<C: Capabilities> admit::HostClient for Native<C> {
    /// # Panics
    ///
    /// When the capabilities cannot answer, or do not in time, which would end a run: a policy that treats every error
    /// alike would hide that from its test.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        answer(&self.0, namespace, operation, payload)
    }
}

/// The answer to a policy that is called natively.
pub(super) fn answer(
    capabilities: &dyn Capabilities,
    namespace: &str,
    operation: &str,
    payload: &[u8],
) -> Result<Vec<u8>, String> {
    if (namespace, operation) == ("tracing", "log") {
        return Ok(Vec::new());
    }
    capabilities.call(namespace, operation, payload).map_err(|error| match error {
        CallError::Failed(text) => text,
        error => panic!("{error}"),
    })
}
