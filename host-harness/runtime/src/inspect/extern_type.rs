//! Types of imports and exports.

use std::fmt;

use serde::{Serialize, Serializer};

/// The type of an import or an export. Serialized as it is shown: `function (i32, i32) -> (i32)`, `memory`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExternType {
    /// A function, with the types of its parameters and results by their names in the text format.
    Function {
        /// Types of the parameters.
        params: Vec<String>,
        /// Types of the results.
        results: Vec<String>,
    },
    /// A linear memory with 32-bit addresses.
    Memory,
    /// A linear memory with 64-bit addresses.
    Memory64,
    /// A linear memory that threads share.
    SharedMemory,
    /// A table.
    Table,
    /// A global.
    Global,
    /// A tag of exceptions.
    Tag,
}

impl ExternType {
    /// A function of these types, each shown as in the text format.
    pub(crate) fn function<P: ToString, R: ToString>(
        params: impl IntoIterator<Item = P>,
        results: impl IntoIterator<Item = R>,
    ) -> Self {
        let params = params.into_iter().map(|ty| ty.to_string()).collect();
        Self::Function { params, results: results.into_iter().map(|ty| ty.to_string()).collect() }
    }
}

impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function { params, results } => {
                return write!(f, "function ({}) -> ({})", params.join(", "), results.join(", "));
            }
            Self::Memory => "memory",
            Self::Memory64 => "64-bit memory",
            Self::SharedMemory => "shared memory",
            Self::Table => "table",
            Self::Global => "global",
            Self::Tag => "tag",
        })
    }
}

impl Serialize for ExternType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
