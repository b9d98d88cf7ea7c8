//! The host, as a policy sees it.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

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

    /// Calls a capability by name, with the bytes that it expects.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails; the text is the host's.
    pub fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, HostError> {
        self.calls
            .call(namespace, operation, payload)
            .map_err(|message| HostError { capability: format!("{namespace}/{operation}"), message })
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

/// A host call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError {
    capability: String,
    message: String,
}

impl HostError {
    /// The capability that was called, for example `kubernetes/get_resource`.
    pub fn capability(&self) -> &str {
        &self.capability
    }

    /// The host's text.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error invoking host capability {}: {}", self.capability, self.message)
    }
}

impl std::error::Error for HostError {}

/// How important a log record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every step.
    Trace,
    /// For whoever looks for a mistake.
    Debug,
    /// Worth knowing.
    Info,
    /// Something is odd.
    Warning,
    /// Something is wrong.
    Error,
}

impl Level {
    /// As hosts want it; `warn` is not accepted.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A structured log record.
///
/// ```
/// # use admit::{Host, Level, Record};
/// # let host = Host::silent();
/// host.log(Record::new(Level::Debug, "containers checked").with("count", 3).with("namespace", "default"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Record(Map<String, Value>);

impl Record {
    /// A record with its text.
    pub fn new(level: Level, message: impl Into<String>) -> Self {
        let mut fields = Map::new();
        fields.insert("level".into(), level.as_str().into());
        fields.insert("message".into(), Value::String(message.into()));
        Self(fields)
    }

    /// Adds a field. `level` and `message` are taken: under these names the field gets a trailing underscore. A value
    /// that is not JSON (a map whose keys are not strings) is written as the text of that error.
    pub fn with(mut self, key: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or_else(|error| Value::String(error.to_string()));
        let key = if matches!(key, "level" | "message") { format!("{key}_") } else { key.to_owned() };
        self.0.insert(key, value);
        self
    }

    /// The payload of `tracing/log`.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        // Writing a map of values into a vector cannot fail.
        serde_json::to_vec(&self.0).unwrap_or_default()
    }
}
