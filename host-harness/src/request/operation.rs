//! What is done to an object, and what its kind says about that.

use std::{fmt, str::FromStr};

/// What is done to the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operation {
    /// The object is new.
    #[default]
    Create,
    /// The object replaces a stored one.
    Update,
    /// The stored object goes away.
    Delete,
    /// A connection to the object (`exec`, `proxy`, ...); the object holds the options of the connection.
    Connect,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
        })
    }
}

/// A word that is no [`Operation`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an operation; use CREATE, UPDATE, DELETE or CONNECT")]
pub struct UnknownOperation(String);

impl FromStr for Operation {
    type Err = UnknownOperation;

    /// Upper and lower case are the same.
    fn from_str(text: &str) -> Result<Self, UnknownOperation> {
        match text.to_ascii_uppercase().as_str() {
            "CREATE" => Ok(Self::Create),
            "UPDATE" => Ok(Self::Update),
            "DELETE" => Ok(Self::Delete),
            "CONNECT" => Ok(Self::Connect),
            _ => Err(UnknownOperation(text.to_owned())),
        }
    }
}

/// The operation that an API server knows for a subresource; `None` for one that Kubernetes does not have, or that has several.
pub(super) fn operation_of(sub_resource: &str) -> Option<Operation> {
    match sub_resource {
        "attach" | "exec" | "portforward" | "proxy" => Some(Operation::Connect),
        "approval" | "ephemeralcontainers" | "finalize" | "resize" | "scale" | "status" => Some(Operation::Update),
        "binding" | "eviction" | "token" => Some(Operation::Create),
        _ => None,
    }
}
