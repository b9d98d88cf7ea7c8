//! What a policy writes into the host's log.

use serde::Serialize;
use serde_json::{Map, Value};

/// Severity of a log record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Details of every step.
    Trace,
    /// Details that help to find a mistake.
    Debug,
    /// Normal events.
    Info,
    /// Something unexpected, which does not stop the policy.
    Warning,
    /// A failure.
    Error,
}

impl Level {
    /// The value of `level` in a log record. Kubewarden accepts `warning` and not `warn`.
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

    /// Its level.
    #[cfg(feature = "chainloop")]
    #[cfg_attr(
        any(not(target_arch = "wasm32"), test),
        allow(dead_code, reason = "only Chainloop takes records as texts")
    )]
    pub(crate) fn level(&self) -> Level {
        let level = self.0.get("level").and_then(Value::as_str);
        let known = [Level::Trace, Level::Debug, Level::Info, Level::Warning];
        known.into_iter().find(|known| level == Some(known.as_str())).unwrap_or(Level::Error)
    }

    /// The record as one text, for Chainloop: the message, and behind it the other fields as a JSON object, if there are
    /// any.
    #[cfg(feature = "chainloop")]
    #[cfg_attr(
        any(not(target_arch = "wasm32"), test),
        allow(dead_code, reason = "only Chainloop takes records as texts")
    )]
    pub(crate) fn to_text(&self) -> String {
        let mut fields = self.0.clone();
        let message = fields.remove("message");
        fields.remove("level");
        let mut text = message.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        if !fields.is_empty() {
            text.push(' ');
            text.push_str(&serde_json::to_string(&fields).unwrap_or_default());
        }
        text
    }
}
