//! The output of a module.

mod read;

use std::fmt;

use serde_json::{Map, Value};

/// The answer of one script.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Whether the policy did not apply.
    pub skipped: bool,
    /// Why the policy did not apply.
    pub skip_reason: String,
    /// Whether this answer is excluded from the result.
    pub ignore: bool,
    /// The violations. When there are findings, only these: plain violations are then dropped, as in Chainloop.
    pub violations: Vec<Violation>,
}

/// A violation.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// Name of the policy.
    pub subject: String,
    /// The message, for people.
    pub message: String,
    /// The whole object, if the policy gave more than a string.
    pub object: Option<Map<String, Value>>,
}

/// An answer that makes no sense. Displays in Chainloop's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputError {
    text: String,
    executing: bool,
}

impl OutputError {
    /// An answer that cannot be read.
    pub(super) fn of_answer(text: String) -> Self {
        Self { text, executing: true }
    }

    /// An answer whose findings are not what the policy declares. Chainloop finds that out when all scripts have ended.
    pub(super) fn of_findings(text: String) -> Self {
        Self { text, executing: false }
    }

    pub(super) fn prefixed(self, prefix: &str) -> Self {
        Self { text: format!("{prefix}{}", self.text), ..self }
    }

    /// Whether it counts as a failed execution of a script.
    pub(super) fn is_of_execution(&self) -> bool {
        self.executing
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for OutputError {}

impl Evaluation {
    /// Reads what the policy named `policy` set as its output.
    ///
    /// # Errors
    ///
    /// What is not one JSON object, has a known key with a value of another type, or has a violation without a message.
    pub fn parse(policy: &str, output: &[u8]) -> Result<Self, OutputError> {
        read::evaluation(policy, output)
    }
}
