//! The text and its index.

use std::borrow::Cow;

use super::node::{Node, Token};
use super::text::unescape;
use super::{SyntaxError, scan};

/// A JSON document: the text as it came, and where its values are.
#[derive(Clone)]
pub struct Document {
    /// UTF-8. Kept as bytes because most of them are only compared.
    text: Vec<u8>,
    nodes: Vec<Node>,
}

impl Document {
    /// Reads a document from UTF-8 bytes.
    ///
    /// # Errors
    ///
    /// When the bytes are not UTF-8 or not one JSON value (RFC 8259, at most 127 levels deep, at most 256 MiB); the error
    /// tells line and column.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, SyntaxError> {
        let scanned = scan::scan(&bytes)?;
        if !scanned.ascii
            && let Err(error) = std::str::from_utf8(&bytes)
        {
            return Err(SyntaxError::new(&bytes, error.valid_up_to(), "invalid UTF-8"));
        }
        Ok(Self { text: bytes, nodes: scanned.nodes })
    }

    pub(crate) fn node(&self, index: u32) -> Node {
        self.nodes[index as usize]
    }

    pub(crate) fn text(&self, start: u32, end: u32) -> &str {
        // Values start and end at ASCII characters, and `parse` has seen that the whole is UTF-8.
        std::str::from_utf8(self.bytes(start, end)).unwrap_or_default()
    }

    /// The value of a string node, with its escapes resolved.
    pub(crate) fn string(&self, index: u32) -> Cow<'_, str> {
        let Node { start, end, token, .. } = self.node(index);
        let text = self.text(start, end);
        if token == Token::Escaped { Cow::Owned(unescape(text)) } else { Cow::Borrowed(text) }
    }

    pub(crate) fn bytes(&self, start: u32, end: u32) -> &[u8] {
        &self.text[start as usize..end as usize]
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text))
    }
}
