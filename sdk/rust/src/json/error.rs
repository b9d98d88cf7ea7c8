//! Errors of JSON: of its syntax, and of its values.

use std::fmt;

use serde::de::{Expected, Unexpected};

/// The text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    message: &'static str,
    line: u32,
    column: u32,
}

impl SyntaxError {
    #[cold]
    pub(crate) fn new(text: &[u8], offset: usize, message: &'static str) -> Self {
        let before = &text[..offset.min(text.len())];
        let line = before.iter().filter(|b| **b == b'\n').count() as u32 + 1;
        let column = before.iter().rev().take_while(|b| **b != b'\n').count() as u32 + 1;
        Self { message, line, column }
    }

    /// What is wrong there.
    #[cfg(feature = "chainloop")]
    pub(crate) fn message(&self) -> &'static str {
        self.message
    }

    /// Line of the first byte that does not fit, counted from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Column of that byte (in bytes), counted from 1.
    pub fn column(&self) -> u32 {
        self.column
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.message, self.line, self.column)
    }
}

impl std::error::Error for SyntaxError {}

/// A value is not what the policy needs.
///
/// Its text starts with the JSON pointer of the value: `/spec/replicas: expected a number, found a string`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    pointer: Option<String>,
}

impl Error {
    /// An error about the document as a whole, until [`Error::at`] gives it a place.
    #[cold]
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), pointer: None }
    }

    /// Says where, unless an inner value has already done so.
    #[cold]
    pub(crate) fn at(mut self, pointer: impl FnOnce() -> String) -> Self {
        self.pointer.get_or_insert_with(pointer);
        self
    }

    /// JSON pointer (RFC 6901) of the value that is wrong.
    pub fn pointer(&self) -> &str {
        self.pointer.as_deref().unwrap_or_default()
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer() {
            "" => f.write_str(&self.message),
            pointer => write!(f, "{pointer}: {}", self.message),
        }
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        // serde says sequence and map where JSON says array and object.
        let expected = match expected.as_str() {
            "a sequence" => "an array",
            "a map" => "an object",
            other => other,
        };
        Self::new(format!("expected {expected}, found {}", Found(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }
}

/// What was found, for messages. serde's own words would bring the formatting of floats into every module: 18 KB.
struct Found<'a>(Unexpected<'a>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(value) => write!(f, "{value}"),
            Unexpected::Unsigned(value) => write!(f, "{value}"),
            Unexpected::Signed(value) => write!(f, "{value}"),
            Unexpected::Float(_) => f.write_str("a number with a fraction or of more than 64 bits"),
            Unexpected::Str(value) => write!(f, "\"{value}\""),
            Unexpected::Unit => f.write_str("null"),
            Unexpected::Seq => f.write_str("an array"),
            Unexpected::Map => f.write_str("an object"),
            _ => f.write_str("a value of another kind"),
        }
    }
}
