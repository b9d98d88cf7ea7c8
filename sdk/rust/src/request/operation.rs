//! The operation of an admission request.

use std::fmt;

use crate::json::Value;

/// The operation of an admission request: what is about to happen to the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// A new object; there is no [`old_object`](crate::Request::old_object).
    Create,
    /// A change; both objects are there.
    Update,
    /// A deletion; there is no [`object`](crate::Request::object).
    Delete,
    /// A connection to a subresource, such as `pods/exec`.
    Connect,
    /// None of these; hosts pass on what they get. The text is in [`Request::value`](crate::Request::value).
    Other,
}

impl Operation {
    /// As in the request: `CREATE`, `UPDATE`, `DELETE` or `CONNECT`; a description for [`Other`](Self::Other).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
            Self::Other => "an operation of another name",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Operation {
    /// The operation that a string names.
    pub(super) fn read(value: Value<'_>) -> Self {
        match &*value.unescaped() {
            "CREATE" => Self::Create,
            "UPDATE" => Self::Update,
            "DELETE" => Self::Delete,
            "CONNECT" => Self::Connect,
            _ => Self::Other,
        }
    }
}
