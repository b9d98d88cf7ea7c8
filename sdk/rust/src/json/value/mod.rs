//! A value in a document.

mod iter;

use std::borrow::Cow;

use super::document::Document;
use super::node::{Node, Token};
use super::text::same;
use super::{Error, pointer};
pub(crate) use iter::Pairs;
pub use iter::{Array, Entries};

/// A value in a [`Document`]: a reference to a node of its index, cheap to copy.
///
/// The typed getters ([`str`](Self::str), [`bool`](Self::bool), [`object`](Self::object), …) treat an absent field and
/// `null` alike, and answer an [`Error`] with the JSON pointer when the type is another one.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    document: &'a Document,
    node: u32,
    base: u32,
}

/// The type of a [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number
    Number,
    /// A string
    String,
    /// An array
    Array,
    /// An object
    Object,
}

impl Kind {
    /// The name with its article, for messages: `a string`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

impl Document {
    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        self.value(0, 0)
    }

    /// The value at `node`, with JSON pointers counted from the value at `base`.
    pub(crate) fn value(&self, node: u32, base: u32) -> Value<'_> {
        Value::new(self, node, base)
    }
}

impl<'a> Value<'a> {
    #[inline]
    pub(crate) fn new(document: &'a Document, node: u32, base: u32) -> Self {
        Self { document, node, base }
    }

    #[inline]
    pub(crate) fn index(self) -> u32 {
        self.node
    }

    #[inline]
    pub(crate) fn data(self) -> Node {
        self.document.node(self.node)
    }

    #[inline]
    pub(crate) fn sibling(self, node: u32) -> Self {
        Self { node, ..self }
    }

    /// The same value, with pointers counted from here.
    pub(crate) fn rebase(self) -> Self {
        Self { base: self.node, ..self }
    }

    /// Its type.
    pub fn kind(self) -> Kind {
        match self.data().token {
            Token::Null => Kind::Null,
            Token::True | Token::False => Kind::Bool,
            Token::Number => Kind::Number,
            Token::Plain | Token::Escaped => Kind::String,
            Token::Array => Kind::Array,
            Token::Object => Kind::Object,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.data().token == Token::Null
    }

    /// Its JSON text, exactly as it came.
    pub fn raw(self) -> &'a str {
        let Node { start, end, token, .. } = self.data();
        match token {
            Token::Plain | Token::Escaped => self.document.text(start - 1, end + 1),
            _ => self.document.text(start, end),
        }
    }

    /// Its JSON pointer (RFC 6901). For what comes from a request, counted from the object: `/spec/containers/0`.
    pub fn pointer(self) -> String {
        pointer::between(self.document, self.base, self.node)
    }

    /// The boolean, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.data().token {
            Token::True => Some(true),
            Token::False => Some(false),
            _ => None,
        }
    }

    /// The string, if it is one; borrowed unless it has escapes.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        matches!(self.data().token, Token::Plain | Token::Escaped).then(|| self.unescaped())
    }

    /// The number, if it is an integer in the range of `i64`.
    pub fn as_i64(self) -> Option<i64> {
        (self.data().token == Token::Number).then(|| self.raw().parse().ok())?
    }

    /// The number, if it is an integer in the range of `u64`.
    pub fn as_u64(self) -> Option<u64> {
        (self.data().token == Token::Number).then(|| self.raw().parse().ok())?
    }

    /// The number, if it is one.
    pub fn as_f64(self) -> Option<f64> {
        (self.data().token == Token::Number).then(|| self.raw().parse().ok())?
    }

    /// The field of an object; `null` counts as absent. Where a key comes twice the last one holds, as in serde_json.
    pub fn get(self, key: &str) -> Option<Value<'a>> {
        self.field(key).filter(|value| !value.is_null())
    }

    /// The field of an object, `null` too.
    pub(crate) fn field(self, key: &str) -> Option<Value<'a>> {
        if self.data().token != Token::Object {
            return None;
        }
        let mut found = None;
        for (name, value) in self.pairs() {
            if name.is_key(key) {
                found = Some(value);
            }
        }
        found
    }

    /// The value behind a JSON pointer that is counted from here; `null` counts as absent.
    pub fn at(self, pointer: &str) -> Option<Value<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, segment| match value.kind() {
            Kind::Object if segment.contains('~') => value.get(&segment.replace("~1", "/").replace("~0", "~")),
            Kind::Object => value.get(segment),
            Kind::Array => value.children().nth(array_index(segment)?).filter(|value| !value.is_null()),
            _ => None,
        })
    }

    /// The entries of an object, in the order of the text; nothing for other types.
    pub fn entries(self) -> Entries<'a> {
        Entries(self.pairs())
    }

    /// The string field `key`.
    ///
    /// # Errors
    ///
    /// When it is neither absent, `null` nor a string, or when this value is no object that could have fields (`null` has
    /// none). The same holds for the other typed getters and their types.
    pub fn str(self, key: &str) -> Result<Option<Cow<'a, str>>, Error> {
        self.typed(key, Kind::String, Value::as_str)
    }

    /// The boolean field `key`.
    pub fn bool(self, key: &str) -> Result<Option<bool>, Error> {
        self.typed(key, Kind::Bool, Value::as_bool)
    }

    /// The integer field `key`.
    pub fn i64(self, key: &str) -> Result<Option<i64>, Error> {
        self.member(key)?
            .map(|value| value.as_i64().ok_or_else(|| value.unexpected("an integer of at most 64 bits")))
            .transpose()
    }

    /// The object field `key`.
    pub fn object(self, key: &str) -> Result<Option<Value<'a>>, Error> {
        self.typed(key, Kind::Object, Some)
    }

    /// The array field `key`.
    pub fn array(self, key: &str) -> Result<Option<Array<'a>>, Error> {
        self.typed(key, Kind::Array, |value| Some(value.children()))
    }

    /// The field of what has to be an object or `null`.
    fn member(self, key: &str) -> Result<Option<Value<'a>>, Error> {
        match self.data().token {
            Token::Object => Ok(self.get(key)),
            Token::Null => Ok(None),
            _ => Err(self.unexpected("an object")),
        }
    }

    fn typed<T>(self, key: &str, kind: Kind, read: impl Fn(Self) -> Option<T>) -> Result<Option<T>, Error> {
        match self.member(key)? {
            None => Ok(None),
            Some(value) if value.kind() == kind => Ok(read(value)),
            Some(value) => Err(value.unexpected(kind.name())),
        }
    }

    /// The error that this value is not `expected` (which has an article).
    #[cold]
    pub(crate) fn unexpected(self, expected: &str) -> Error {
        Error::new(format!("expected {expected}, found {}", self.kind().name())).at(|| self.pointer())
    }

    /// The items of an array; nothing for other types.
    pub(crate) fn children(self) -> Array<'a> {
        let Node { next, token, .. } = self.data();
        Array::new(self, if token == Token::Array { self.node + 1 } else { next }, next)
    }

    pub(crate) fn pairs(self) -> Pairs<'a> {
        let Node { next, token, .. } = self.data();
        Pairs::new(self, if token == Token::Object { self.node + 1 } else { next }, next)
    }

    /// The bytes of a string node. They are not checked to be UTF-8, because the whole document was.
    #[inline]
    pub(crate) fn key_bytes(self) -> Cow<'a, [u8]> {
        let Node { start, end, token, .. } = self.data();
        match token {
            Token::Plain => Cow::Borrowed(self.document.bytes(start, end)),
            _ => Cow::Owned(self.unescaped().into_owned().into_bytes()),
        }
    }

    #[inline]
    fn is_key(self, key: &str) -> bool {
        let Node { start, end, token, .. } = self.data();
        match token {
            Token::Plain => same(self.document.bytes(start, end), key.as_bytes()),
            _ => self.unescaped() == key,
        }
    }

    /// The value of a string node, with its escapes resolved.
    pub(crate) fn unescaped(self) -> Cow<'a, str> {
        self.document.string(self.node)
    }
}

/// An array index as RFC 6901 writes it: digits without leading zeros.
pub(crate) fn array_index(segment: &str) -> Option<usize> {
    let digits = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    // One that is too large is still an index, of nothing: where that is depends on the machine, and a policy's is of 32 bits.
    (digits && (segment == "0" || !segment.starts_with('0'))).then(|| segment.parse().unwrap_or(usize::MAX))
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.raw())
    }
}
