//! Which request it is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::request::Request;

/// A request of a corpus: where it stands, and what it is about. They are in the order of their places.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`; empty for a raw request.
    pub operation: String,
    /// The kind of the object; empty for a raw request.
    pub kind: String,
    /// The namespace, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A place in a corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file, with the path that was given in front of it.
    pub file: String,
    /// The line in which it begins, from 1; 0 for a whole file.
    pub line: u64,
    /// Which of the items of a list it is, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u64>,
}

impl Subject {
    pub(super) fn of(request: &Request, place: Place) -> Self {
        match request {
            Request::Kubernetes(request) => Self {
                place,
                operation: request.operation.clone(),
                kind: request.kind.kind.clone(),
                namespace: request.namespace.clone().filter(|namespace| !namespace.is_empty()),
                name: request.name.clone().filter(|name| !name.is_empty()),
            },
            Request::Raw(_) => Self { place, ..Self::default() },
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        match self.item {
            Some(item) => write!(f, " (item {item})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Subject {
    /// What it is about, without its place: `Pod shop/web`, with the operation in front if it is another than CREATE.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind.is_empty() {
            return f.write_str("raw request");
        }
        if self.operation != "CREATE" {
            write!(f, "{} ", self.operation)?;
        }
        write!(f, "{}", self.kind)?;
        match (&self.namespace, &self.name) {
            (Some(namespace), Some(name)) => write!(f, " {namespace}/{name}"),
            (None, Some(name)) => write!(f, " {name}"),
            (Some(namespace), None) => write!(f, " in {namespace}"),
            (None, None) => Ok(()),
        }
    }
}
