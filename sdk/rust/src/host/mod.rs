//! The host, as a policy sees it.

mod error;
mod log;

use std::fmt;

pub use error::{HostError, HostErrorKind};
pub use log::{Level, Record};

/// How calls reach a host: implemented by the SDK for each ABI, and by tests.
///
/// Closures implement it:
///
/// ```
/// # use admit::Host;
/// let host = Host::new(|namespace: &str, operation: &str, _payload: &[u8]| match (namespace, operation) {
///     ("net", "v1/dns_lookup_host") => Ok(br#"{"ips":["192.0.2.1"]}"#.to_vec()),
///     _ => Err(format!("unexpected call: {namespace}/{operation}")),
/// });
/// assert!(host.call("net", "v1/dns_lookup_host", br#""example.com""#).is_ok());
/// ```
pub trait HostCalls {
    /// One call.
    ///
    /// # Errors
    ///
    /// The host's text, when it does not answer.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String>;
}

impl<F: Fn(&str, &str, &[u8]) -> Result<Vec<u8>, String>> HostCalls for F {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        self(namespace, operation, payload)
    }
}

/// The host that runs the policy: its log and its capabilities.
///
/// It comes as the third argument of the policy's function, so that a test can pass one of its own.
pub struct Host {
    calls: Box<dyn HostCalls>,
}

impl Host {
    /// A host that answers calls with `calls`.
    pub fn new(calls: impl HostCalls + 'static) -> Self {
        Self { calls: Box::new(calls) }
    }

    /// A host for unit tests of policies that only log: log records are dropped, every other call fails.
    pub fn silent() -> Self {
        Self::new(|namespace: &str, operation: &str, _: &[u8]| match namespace {
            "tracing" => Ok(Vec::new()),
            _ => Err(format!("this host has no capabilities, and the policy called {namespace}/{operation}")),
        })
    }

    /// Calls a capability by name, with the bytes that it expects: for what [`capabilities`](crate::capabilities) does
    /// not know yet.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails; the text is the host's.
    pub fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, HostError> {
        self.calls
            .call(namespace, operation, payload)
            .map_err(|message| HostError::from_host(namespace, operation, message))
    }

    /// Sends a record to the host's log. A log that fails does not fail the policy.
    pub fn log(&self, record: Record) {
        let _ = self.calls.call("tracing", "log", &record.to_json());
    }

    /// Logs a text at [`Level::Info`].
    pub fn info(&self, message: impl Into<String>) {
        self.log(Record::new(Level::Info, message));
    }

    /// Logs a text at [`Level::Warning`].
    pub fn warn(&self, message: impl Into<String>) {
        self.log(Record::new(Level::Warning, message));
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}
