//! What the rules and the expansion need to know about the type.

use syn::{DeriveInput, Path};

use crate::arguments::Arguments;

/// A type that is to become the settings of a policy.
pub(crate) struct Settings<'a> {
    /// The path of the crate `admit`.
    pub(crate) krate: Path,
    /// The author's function that looks at decoded settings.
    pub(crate) check: Option<Path>,
    pub(crate) input: &'a DeriveInput,
}

impl<'a> Settings<'a> {
    pub(crate) fn new(arguments: &Arguments, input: &'a DeriveInput) -> Self {
        Settings { krate: arguments.krate(), check: arguments.get("check").cloned(), input }
    }
}
