//! The error of a policy's function.

use std::fmt;

use crate::json;

/// Why a policy could not come to a verdict.
///
/// Returned from the policy's function it reaches the host as an error, which Kubewarden turns into a rejection with code
/// 500: a policy that cannot decide does not let anything in. Any other error type works as well; `?` makes this one from
/// [`json::Error`] and from [`HostError`](crate::HostError).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    /// An error with a text for people.
    #[cold]
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<json::Error> for Error {
    #[cold]
    fn from(error: json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<json::SyntaxError> for Error {
    #[cold]
    fn from(error: json::SyntaxError) -> Self {
        Self(format!("invalid JSON: {error}"))
    }
}

impl From<crate::HostError> for Error {
    #[cold]
    fn from(error: crate::HostError) -> Self {
        Self(error.to_string())
    }
}
