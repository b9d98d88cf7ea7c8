//! The text and its index.

use super::{SyntaxError, Value, scan};

/// A JSON document: the text as it came, and where its values are.
#[derive(Clone)]
pub struct Document {
    /// UTF-8. Kept as bytes because most of them are only compared.
    text: Vec<u8>,
    nodes: Vec<Node>,
}

/// One value, or one key of an object, in document order.
///
/// An object is followed by its keys and values in turn, an array by its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Where the text of the value starts; for strings: after the opening quote.
    pub(crate) start: u32,
    /// Where it ends; for strings: before the closing quote.
    pub(crate) end: u32,
    /// Index of the first node behind this value and everything in it.
    pub(crate) next: u32,
    /// What it is.
    pub(crate) token: Token,
}

/// What a [`Node`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Null,
    True,
    False,
    Number,
    /// A string whose text is its value.
    Plain,
    /// A string with backslashes in it.
    Escaped,
    Array,
    Object,
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

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        self.value(0, 0)
    }

    /// The value at `node`, with JSON pointers counted from the value at `base`.
    pub(crate) fn value(&self, node: u32, base: u32) -> Value<'_> {
        Value::new(self, node, base)
    }

    pub(crate) fn node(&self, index: u32) -> Node {
        self.nodes[index as usize]
    }

    pub(crate) fn text(&self, start: u32, end: u32) -> &str {
        // Values start and end at ASCII characters, and `parse` has seen that the whole is UTF-8.
        std::str::from_utf8(self.bytes(start, end)).unwrap_or_default()
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
