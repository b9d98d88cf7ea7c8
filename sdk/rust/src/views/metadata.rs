//! `ObjectMeta`.

use std::borrow::Cow;

use crate::json::{Error, Value};

/// The `metadata` of an object.
///
/// Getters answer an error when the field has the wrong type; absent and `null` are the same.
#[derive(Clone, Copy, Debug)]
pub struct Metadata<'a>(Value<'a>);

impl<'a> Metadata<'a> {
    pub(crate) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        self.0
    }

    /// Name; absent when the API server is to make one.
    pub fn name(self) -> Result<Option<Cow<'a, str>>, Error> {
        self.0.str("name")
    }

    /// Prefix from which the API server makes a name.
    pub fn generate_name(self) -> Result<Option<Cow<'a, str>>, Error> {
        self.0.str("generateName")
    }

    /// Namespace.
    pub fn namespace(self) -> Result<Option<Cow<'a, str>>, Error> {
        self.0.str("namespace")
    }

    /// The label `key`.
    pub fn label(self, key: &str) -> Result<Option<Cow<'a, str>>, Error> {
        self.entry("labels", key)
    }

    /// All labels.
    pub fn labels(self) -> Result<impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>, Error> {
        self.all("labels")
    }

    /// The annotation `key`.
    pub fn annotation(self, key: &str) -> Result<Option<Cow<'a, str>>, Error> {
        self.entry("annotations", key)
    }

    /// All annotations.
    pub fn annotations(self) -> Result<impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>, Error> {
        self.all("annotations")
    }

    fn entry(self, map: &str, key: &str) -> Result<Option<Cow<'a, str>>, Error> {
        match self.0.object(map)? {
            Some(map) => map.str(key),
            None => Ok(None),
        }
    }

    fn all(self, map: &str) -> Result<impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> + use<'a>, Error> {
        let map = self.0.object(map)?;
        let entries = || map.into_iter().flat_map(Value::entries);
        match entries().find(|(_, value)| value.as_str().is_none()) {
            Some((_, value)) => Err(value.unexpected("a string")),
            None => Ok(entries().map(|(key, value)| (key, value.unescaped()))),
        }
    }
}
