//! What is asked about materials: policies of every kind.

use super::{Output, Rule};
use crate::dispatch::PolicyOf;
use crate::error::Error;
use crate::host::Host;
use crate::incoming::Incoming;
use crate::json::Document;

/// What a policy's function looks at, asked about a material. Not to be implemented elsewhere.
pub trait Execute: Incoming {
    /// Evaluates a material: `payload` is `{"args": …, "material": …}`.
    ///
    /// # Errors
    ///
    /// When the policy could not decide.
    fn execute(policy: &PolicyOf<Self>, payload: Document, rules: &[Rule], host: &Host) -> Result<Output, Error>;
}
