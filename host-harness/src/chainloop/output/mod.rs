//! The output of a module.

mod read;

use std::fmt;

use serde_json::{Map, Value};

pub(super) use self::read::{folded, word};

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

/// An output that is not valid. Displays as Chainloop's text, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputError(pub(super) String);

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
