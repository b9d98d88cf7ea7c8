//! The host, as a policy sees it.

#[cfg(feature = "chainloop")]
mod chainloop;
mod error;
mod log;

use std::fmt;

pub use error::{HostError, HostErrorKind};
pub use log::{Level, Record};

#[cfg(feature = "chainloop")]
pub(crate) use chainloop::{DiscoverImport, HttpImport};

#[cfg(feature = "chainloop")]
use crate::wire::chainloop::{HttpRequest, HttpResponse};

/// The policy's end of a call: what carries it to the host and brings the answer back. The SDK implements it for each ABI, and
/// tests do in place of a host.
///
/// The other end, which answers calls that came across an ABI and were authorised, is `Capabilities` of `admit-runtime`; what
/// implements that can stand for a host in a native test as well.
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
pub trait HostClient {
    /// One call.
    ///
    /// # Errors
    ///
    /// The host's text, when it does not answer.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String>;

    /// Takes a log record. By default it is a call like any other: `tracing/log`.
    #[doc(hidden)]
    fn log(&self, record: &Record) {
        let _ = self.call("tracing", "log", &record.to_json());
    }

    /// An HTTP request. On Chainloop it goes through `import`, which only its caller names, so that a policy without
    /// requests does not import them; everywhere else it is a call like any other: `http/request`.
    ///
    /// # Errors
    ///
    /// The host's text, when there is no response.
    #[cfg(feature = "chainloop")]
    #[doc(hidden)]
    fn http(&self, _: HttpImport, request: &HttpRequest) -> Result<HttpResponse, String> {
        chainloop::http(|operation, payload| self.call(chainloop::HTTP, operation, payload), request)
    }

    /// The same for `chainloop/discover`.
    ///
    /// # Errors
    ///
    /// The host's text, when there is no answer.
    #[cfg(feature = "chainloop")]
    #[doc(hidden)]
    fn discover(&self, _: DiscoverImport, digest: &str, kind: &str) -> Result<Vec<u8>, String> {
        chainloop::discover(|operation, payload| self.call(chainloop::CHAINLOOP, operation, payload), digest, kind)
    }
}

impl<F: Fn(&str, &str, &[u8]) -> Result<Vec<u8>, String>> HostClient for F {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        self(namespace, operation, payload)
    }
}

/// The host that runs the policy: its log and its capabilities.
///
/// It comes as the third argument of the policy's function, so that a test can pass one of its own.
pub struct Host {
    calls: Box<dyn HostClient>,
}

impl Host {
    /// A host that answers calls with `calls`.
    pub fn new(calls: impl HostClient + 'static) -> Self {
        Self { calls: Box::new(calls) }
    }

    /// A host for unit tests of policies that only log: log records are dropped, every other call fails.
    pub fn silent() -> Self {
        Self::new(|namespace: &str, operation: &str, _: &[u8]| match namespace {
            "tracing" => Ok(Vec::new()),
            _ => Err(format!("this host has no capabilities, and the policy called {namespace}/{operation}")),
        })
    }

    #[cfg(feature = "chainloop")]
    pub(crate) fn calls(&self) -> &dyn HostClient {
        &*self.calls
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
        self.calls.log(&record);
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
