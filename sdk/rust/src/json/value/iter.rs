//! Iterators over arrays and objects.

use std::borrow::Cow;

use super::Value;

/// The items of an array.
#[derive(Clone, Debug)]
pub struct Array<'a> {
    parent: Value<'a>,
    at: u32,
    end: u32,
}

impl<'a> Array<'a> {
    /// The items from the node `at` to the node `end`.
    pub(super) fn new(parent: Value<'a>, at: u32, end: u32) -> Self {
        Self { parent, at, end }
    }
}

impl<'a> Iterator for Array<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        (self.at < self.end).then(|| {
            let value = self.parent.sibling(self.at);
            self.at = value.data().next;
            value
        })
    }
}

/// Key and value nodes of an object.
#[derive(Clone, Debug)]
pub(crate) struct Pairs<'a> {
    parent: Value<'a>,
    at: u32,
    end: u32,
}

impl<'a> Pairs<'a> {
    /// The keys and values from the node `at` to the node `end`.
    #[inline]
    pub(super) fn new(parent: Value<'a>, at: u32, end: u32) -> Self {
        Self { parent, at, end }
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Value<'a>, Value<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        (self.at < self.end).then(|| {
            let key = self.parent.sibling(self.at);
            let value = self.parent.sibling(self.at + 1);
            self.at = value.data().next;
            (key, value)
        })
    }
}

/// The entries of an object.
#[derive(Clone, Debug)]
pub struct Entries<'a>(pub(crate) Pairs<'a>);

impl<'a> Iterator for Entries<'a> {
    type Item = (Cow<'a, str>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.unescaped(), value))
    }
}
