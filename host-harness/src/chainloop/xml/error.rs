//! What is wrong with an XML text, in Go's words.

use std::fmt;

/// Why a text is not XML that Go reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct XmlError {
    /// How far it was read, in bytes.
    pub(crate) at: usize,
    words: String,
}

impl XmlError {
    /// What breaks the grammar.
    pub(super) fn syntax(text: &[u8], at: usize, words: impl Into<String>) -> Self {
        let line = memchr::memchr_iter(b'\n', &text[..at]).count() + 1;
        Self { at, words: format!("XML syntax error on line {line}: {}", words.into()) }
    }

    /// What Go cannot read though it may be XML.
    pub(super) fn unsupported(at: usize, words: String) -> Self {
        Self { at, words }
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}
