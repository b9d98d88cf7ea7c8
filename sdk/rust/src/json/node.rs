//! The index of a document.

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
    /// The type of the value.
    pub(crate) token: Token,
}

/// The type of a [`Node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Null,
    True,
    False,
    Number,
    /// A string without escapes: its text is its value.
    Plain,
    /// A string with backslashes in it.
    Escaped,
    Array,
    Object,
}
