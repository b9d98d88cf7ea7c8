//! What is wrong with a material, and where.

use std::fmt;

use super::super::json::SyntaxError;
use super::super::kind::Kind;
use crate::file::Refused;
use crate::input::Position;

/// A material that no policy can be asked about.
///
/// Displays as `file:line:column: Chainloop's words; what to do`, with the parts that are not known left out. Where there is
/// a `detail`, Chainloop's words come first, as its users know them: `Chainloop's words; file:line:column: detail; what to do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialError {
    /// File, or what stands for it.
    pub name: String,
    /// Where in the file.
    pub position: Option<Position>,
    /// Chainloop's error text.
    pub words: String,
    /// What is wrong, in our words, where Chainloop's leave it open.
    pub detail: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
}

/// What every error about a material that could not be recorded starts with.
const CRAFTING: &str = "failed to craft material";

impl MaterialError {
    pub(super) fn new(name: &str, words: impl Into<String>) -> Self {
        Self { name: name.to_owned(), position: None, words: words.into(), detail: None, advice: None }
    }

    /// With what is wrong, in our words.
    pub(super) fn explain(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// A material that could not be recorded (in Chainloop's term: crafted).
    pub(super) fn crafting(kind: Kind, name: &str, what: &str) -> Self {
        Self::new(name, format!("{CRAFTING} (kind={kind}): crafting material: {what}"))
    }

    /// A file that is not read, which Chainloop might wait for.
    pub(super) fn refused(name: &str, refused: Refused) -> Self {
        Self::new(name, format!("cannot read this file: {refused}"))
    }

    /// A document that is not JSON.
    pub(super) fn syntax(name: &str, text: &[u8], error: &SyntaxError) -> Self {
        let mut made = Self::new(name, format!("failed to parse input: {}", error.of_a_stream()));
        let at = match error {
            SyntaxError::TooLong => return made,
            other => other.at().unwrap_or(text.len()),
        };
        made.position = Some(position(text, at));
        made
    }
}

impl fmt::Display for MaterialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.position {
            Some(Position { line, column }) => format!("{}:{line}:{column}", self.name),
            None => self.name.clone(),
        };
        match &self.detail {
            // Its last line may be empty.
            Some(detail) => write!(f, "{}; {place}: {detail}", self.words.trim_end())?,
            None if self.words.starts_with(CRAFTING) => write!(f, "{}; in {place}", self.words.trim_end())?,
            None => write!(f, "{place}: {}", self.words)?,
        }
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for MaterialError {}

/// The line and the column of a byte.
pub(super) fn position(text: &[u8], at: usize) -> Position {
    let before = &text[..at.min(text.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |found| found + 1);
    // Columns count characters, so continuation bytes of UTF-8 are left out. The last line may be the whole file.
    let column = before[start..].iter().filter(|byte| !(0x80..0xc0).contains(*byte)).count() + 1;
    Position { line, column }
}
