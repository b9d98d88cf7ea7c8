//! What was expected, and what there was.

use serde::Serialize;

/// One field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field, named as in the case file; inside an object followed by a JSON pointer.
    pub field: String,
    /// What the case expects.
    pub expected: String,
    /// What the policy answered.
    pub actual: String,
}
