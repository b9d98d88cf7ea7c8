//! What is wrong with an input, and where.

use std::fmt;

use serde::Serialize;

/// A place in a text; both numbers count from 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// An input that cannot be used.
///
/// Displays as `file:line:column: field.path: what is wrong`, with the parts that are not known left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// File, or what stands for it (`<stdin>`, `--settings-json`).
    pub name: String,
    /// Where in the file.
    pub position: Option<Position>,
    /// Which field, for example `request.kind.version`; empty for the whole document.
    pub field: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl InputError {
    /// An error about a whole input, for example a file that cannot be read.
    pub fn whole(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), position: None, field: String::new(), message: message.into() }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for InputError {}

impl Position {
    /// The position after `text`.
    pub(super) fn after(text: &str) -> Self {
        let last = text.rsplit('\n').next().unwrap_or_default();
        Self { line: text.matches('\n').count() + 1, column: last.chars().count() + 1 }
    }
}

/// Why a text cannot be read, and where.
pub(super) type Failure = (Option<Position>, String);
