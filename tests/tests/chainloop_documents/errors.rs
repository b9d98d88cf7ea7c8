//! What people read about a failed run.

use admit_host::chainloop::ExecutionError;
use serde::Deserialize;

use super::{Case, same};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Errors {
    about: String,
    /// What the module's host says.
    raw: String,
    category: String,
    message: String,
    /// A part of the hint.
    #[serde(default)]
    hint: String,
}

impl Case for Errors {
    fn about(&self) -> &str {
        &self.about
    }

    fn run(&self) -> Result<(), String> {
        let found = ExecutionError::of(&self.raw);
        same("the category", self.category.as_str(), found.category.name())?;
        same("the message", self.message.as_str(), &found.message)?;
        if !found.hint.contains(&self.hint) || found.hint.is_empty() {
            return Err(format!("the hint: {}", found.hint));
        }
        let whole =
            format!("failed to execute policy: policy execution failed: {}\n\nHint: {}", self.message, found.hint);
        same("the whole text", whole, found.to_string())
    }
}
