//! Log records of a policy, bounded.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::outcome::LogRecord;

const LEVELS: [&str; 5] = ["trace", "debug", "info", "warning", "error"];

/// Bytes that a record costs besides its text, so that empty ones are not free.
const RECORD_OVERHEAD: usize = 128;

/// Keeps log records until its budget is spent, then counts.
pub(crate) struct LogBook {
    records: Vec<LogRecord>,
    dropped: u64,
    /// Budget that is left, in bytes.
    budget: usize,
    limit: usize,
    /// Is given every record.
    sink: Option<LogSink>,
}

/// Takes log records while a policy runs, on the thread on which it runs.
pub type LogSink = Arc<dyn Fn(&LogRecord) + Send + Sync>;

impl LogBook {
    pub(crate) fn new(limit: usize, sink: Option<LogSink>) -> Self {
        Self { records: Vec::new(), dropped: 0, budget: limit, limit, sink }
    }

    /// A `tracing/log` event. One that cannot be understood is reported among the records, as upstream reports it in
    /// the host's log; the guest is told that all went well either way.
    pub(crate) fn event(&mut self, payload: &[u8]) {
        self.add(payload.len(), || {
            parse(payload).unwrap_or_else(|error| LogRecord {
                level: "error".to_owned(),
                message: "Cannot log event".to_owned(),
                data: json!({ "error": error, "event": String::from_utf8_lossy(payload) }),
            })
        });
    }

    /// A line of waPC's `__console_log`.
    pub(crate) fn console(&mut self, message: &str) {
        self.text("info", message.as_bytes());
    }

    /// A record that is nothing but a text; bytes that are not UTF-8 are replaced.
    pub(crate) fn text(&mut self, level: &str, message: &[u8]) {
        self.add(message.len(), || LogRecord {
            level: level.to_owned(),
            message: String::from_utf8_lossy(message).into_owned(),
            data: Value::Object(Map::new()),
        });
    }

    /// The records; the last one says how many are missing, if any are.
    pub(crate) fn into_records(mut self) -> Vec<LogRecord> {
        if self.dropped > 0 {
            self.records.push(LogRecord {
                level: "warning".to_owned(),
                message: format!("{} more log records were dropped: the limit is {} bytes", self.dropped, self.limit),
                data: Value::Object(Map::new()),
            });
        }
        self.records
    }

    fn add(&mut self, len: usize, record: impl FnOnce() -> LogRecord) {
        match (self.reserve(len), &self.sink) {
            (kept, Some(sink)) => {
                let record = record();
                sink(&record);
                if kept {
                    self.records.push(record);
                }
            }
            (true, None) => self.records.push(record()),
            (false, None) => {}
        }
    }

    fn reserve(&mut self, len: usize) -> bool {
        match self.budget.checked_sub(len.saturating_add(RECORD_OVERHEAD)) {
            Some(left) if self.dropped == 0 => {
                self.budget = left;
                true
            }
            _ => {
                self.dropped += 1;
                false
            }
        }
    }
}

fn parse(payload: &[u8]) -> Result<LogRecord, String> {
    let mut data: Map<String, Value> = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
    let level = match data.remove("level") {
        Some(Value::String(level)) => level.to_lowercase(),
        Some(other) => return Err(format!("invalid type for `level`: expected a string, found {other}")),
        None => return Err("missing field `level`".to_owned()),
    };
    if !LEVELS.contains(&level.as_str()) {
        return Err(format!("unknown level `{level}`, expected one of `{}`", LEVELS.join("`, `")));
    }
    let message = match data.remove("message") {
        Some(Value::String(message)) => message,
        None | Some(Value::Null) => String::new(),
        Some(other) => return Err(format!("invalid type for `message`: expected a string, found {other}")),
    };
    Ok(LogRecord { level, message, data: Value::Object(data) })
}
