//! Evaluation of materials, for policies of every kind.

use super::{Output, Rule};
use crate::dispatch::PolicyOf;
use crate::error::Error;
use crate::host::Host;
use crate::incoming::Incoming;
use crate::json::Document;

/// The type of a policy's first parameter, with the way in which a policy of this type evaluates a material. Not to be
/// implemented elsewhere.
pub trait Execute: Incoming {
    /// Evaluates a material: `payload` is `{"args": …, "material": …}`.
    ///
    /// # Errors
    ///
    /// When the policy's function returned an error, or the payload does not have the shape that it needs.
    fn execute(policy: &PolicyOf<Self>, payload: Document, rules: &[Rule], host: &Host) -> Result<Output, Error>;
}
