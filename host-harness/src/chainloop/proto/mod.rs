//! JSON of Protocol Buffers, as Go's `protojson` reads it: what it refuses, in its words.
//!
//! Chainloop reads policy files and findings this way. Only the messages that it reads are described, and only what is
//! wrong with a document is told; the document itself is read by whoever needs it.

mod read;

#[cfg(test)]
mod tests;

pub(crate) use self::read::{Unknown, check, number};

/// A message: its fields in the order of its description.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) fields: &'static [Field],
}

/// A field of a message.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name in its description, in `snake_case`; documents may also have it in [`camel`] case.
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// The full name of the group of fields of which only one may be given.
    pub(crate) oneof: Option<&'static str>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    One(Value),
    Many(Value),
    /// An object of strings.
    Strings,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    String,
    Bool,
    /// An integer of 32 bits.
    Int32,
    Double,
    /// One of these words.
    Enum(&'static [&'static [&'static str]]),
    Message(&'static Message),
}

impl Field {
    /// A field with one value.
    pub(crate) const fn one(name: &'static str, value: Value) -> Self {
        Self { name, shape: Shape::One(value), oneof: None }
    }

    /// A field with a list of values.
    pub(crate) const fn many(name: &'static str, value: Value) -> Self {
        Self { name, shape: Shape::Many(value), oneof: None }
    }

    /// A field with an object of strings.
    pub(crate) const fn strings(name: &'static str) -> Self {
        Self { name, shape: Shape::Strings, oneof: None }
    }

    /// A string that excludes the other fields of a group.
    pub(crate) const fn either(name: &'static str, oneof: &'static str) -> Self {
        Self { name, shape: Shape::One(Value::String), oneof: Some(oneof) }
    }
}

/// The name of a field in JSON.
pub(crate) fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let (head, tail) = part.split_at(part.len().min(1));
        name + head.to_ascii_uppercase().as_str() + tail
    })
}

/// What is said about the rules that a message breaks; `None` if it breaks none.
pub(crate) fn broken(rules: &[String]) -> Option<String> {
    match rules {
        [] => None,
        [only] => Some(format!("validation error: {only}")),
        several => {
            Some(several.iter().fold("validation errors:".to_owned(), |text, rule| format!("{text}\n - {rule}")))
        }
    }
}
