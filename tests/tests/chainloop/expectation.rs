//! What the header of a guest says.

use admit_host::LogLevel;
use admit_host::outcome::Failure;
use serde::Deserialize;

use super::host::Answers;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expectation {
    #[serde(default)]
    pub(super) input: String,
    /// The input is filled up with spaces to this size.
    #[serde(default)]
    pub(super) input_size: usize,
    pub(super) args: Option<String>,
    #[serde(default)]
    pub(super) allowed_hostnames: Vec<String>,
    log_level: Option<Level>,
    #[serde(default)]
    pub(super) clock: Source,
    #[serde(default)]
    pub(super) seed: u64,
    #[serde(default)]
    pub(super) limits: LimitsChanged,
    /// What the host calls are answered, in this order.
    #[serde(default)]
    pub(super) answers: Answers,

    #[serde(default)]
    pub(super) failure: Class,
    /// Each is a part of the failure's text.
    #[serde(default)]
    pub(super) texts: Vec<String>,
    pub(super) host_error: Option<String>,
    pub(super) host_error_starts: Option<String>,
    pub(super) output: Option<String>,
    pub(super) output_hex: Option<String>,
    pub(super) return_code: Option<i64>,
    /// Level and message of each.
    pub(super) logs: Option<Vec<String>>,
    /// A part of the last record's message.
    pub(super) last_log: Option<String>,
    /// Name and payload of each.
    pub(super) host_calls: Option<Vec<String>>,
    #[serde(default)]
    pub(super) stdout: String,
    #[serde(default)]
    pub(super) stderr: String,
    pub(super) peak_below: Option<u64>,
}

impl Expectation {
    pub(super) fn input(&self) -> Vec<u8> {
        let mut input = self.input.clone().into_bytes();
        input.resize(input.len().max(self.input_size), b' ');
        input
    }

    pub(super) fn log_level(&self) -> LogLevel {
        match self.log_level {
            None => LogLevel::default(),
            Some(Level::Trace) => LogLevel::Trace,
            Some(Level::Debug) => LogLevel::Debug,
            Some(Level::Warn) => LogLevel::Warn,
            Some(Level::Error) => LogLevel::Error,
            Some(Level::Off) => LogLevel::Off,
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Trace,
    Debug,
    Warn,
    Error,
    Off,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Source {
    #[default]
    Fixed,
    Real,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsChanged {
    pub(super) wall_time_ms: Option<u64>,
    pub(super) memory: Option<u64>,
    pub(super) answer: Option<usize>,
    pub(super) log: Option<usize>,
    pub(super) fuel: Option<u64>,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Class {
    #[default]
    None,
    /// The module does not load.
    Load,
    Instantiate,
    Trap,
    Timeout,
    Limit,
    Unanswerable,
    Guest,
    Protocol,
}

impl Class {
    pub(super) fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Instantiate(_) => Self::Instantiate,
            Failure::Trap { .. } => Self::Trap,
            Failure::Timeout(_) => Self::Timeout,
            Failure::Limit { .. } => Self::Limit,
            Failure::Unanswerable(_) => Self::Unanswerable,
            Failure::Guest(_) => Self::Guest,
            Failure::Protocol(_) => Self::Protocol,
            other => panic!("a class without a name: {other:?}"),
        }
    }
}
