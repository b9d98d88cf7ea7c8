//! The document of a material: the JSON that Chainloop wrapped into an object or added its metadata to.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::METADATA;
use crate::base64;
use crate::json::{Decoder, Document, Error, Kind, Pairs, Unknown, Value};

/// Key that Chainloop puts arrays under.
const ELEMENTS: &str = "elements";

/// The annotation with the material's kind, and the kind that Chainloop reads line by line.
const KIND: &str = "chainloop.material.type";
const LINES: &str = "TRUFFLEHOG_JSON";

/// How many base64 characters of the content are decoded to find its first byte behind white space.
const LOOKED_AT: usize = 4096;

/// The material's document: the array that Chainloop put under `elements`, or else the object, which includes
/// `chainloop_metadata`.
pub(super) fn document(material: Value<'_>) -> Value<'_> {
    let others = material.pairs().filter(|(key, _)| key.unescaped() != METADATA);
    match material.field(ELEMENTS) {
        Some(elements) if elements.kind() == Kind::Array && others.count() == 1 && was_array(material) => elements,
        _ => material,
    }
}

/// Whether Chainloop added the key `elements`. The content of a document that has the key itself begins with a brace.
/// Reports in XML and lines of JSON become arrays, too.
fn was_array(material: Value<'_>) -> bool {
    let annotations = material.get(METADATA).and_then(|metadata| metadata.get("annotations"));
    let kind = annotations.and_then(|annotations| annotations.get(KIND)).and_then(Value::as_str);
    first_byte(material) != Some(b'{') || kind.as_deref() == Some(LINES)
}

/// Whether the material has no document of its own: a text, a number, a container image.
pub(super) fn is_empty(material: Value<'_>) -> bool {
    let own = material.pairs().any(|(key, _)| key.unescaped() != METADATA);
    let content = material.get(METADATA).and_then(|metadata| metadata.get("content"));
    let other = || first_byte(material).is_some_and(|byte| byte != b'{');
    material.kind() == Kind::Object && !own && (content.is_none() || other())
}

/// First byte of the original content that is not white space: 0 when there is none, `None` when the metadata has no
/// content.
fn first_byte(material: Value<'_>) -> Option<u8> {
    let content = material.get(METADATA)?.get("content")?.as_str()?;
    let looked_at = content.get(..LOOKED_AT).unwrap_or(&content);
    Some(base64::decode(looked_at)?.trim_ascii_start().first().copied().unwrap_or_default())
}

/// The document as JSON, without the key `chainloop_metadata`.
pub(super) fn text(document: Value<'_>) -> String {
    if document.kind() != Kind::Object {
        return document.raw().to_owned();
    }
    let mut text = String::with_capacity(document.raw().len());
    text.push('{');
    for (key, value) in document.pairs().filter(|(key, _)| key.unescaped() != METADATA) {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(key.raw());
        text.push(':');
        text.push_str(value.raw());
    }
    text.push('}');
    text
}

/// Decodes a document as if it had no key `chainloop_metadata`: a type with `deny_unknown_fields` would refuse it.
pub(super) struct Body<'de>(pub(super) Value<'de>);

impl<'de> Body<'de> {
    fn map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Map { pairs: self.0.pairs(), value: None }).map_err(|error| error.at(|| self.0.pointer()))
    }

    fn decoder(self) -> Decoder<'de> {
        Decoder::new(self.0, Unknown::Ignored)
    }
}

impl<'de> Deserializer<'de> for Body<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.kind() == Kind::Object { self.map(visitor) } else { self.decoder().deserialize_any(visitor) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0.kind() {
            Kind::Object => self.map(visitor),
            _ => self.decoder().deserialize_struct(name, fields, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map enum identifier
    }
}

struct Map<'de> {
    pairs: Pairs<'de>,
    value: Option<Value<'de>>,
}

impl<'de> MapAccess<'de> for Map<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.pairs.find(|(key, _)| key.unescaped() != METADATA) else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Decoder::new(key, Unknown::Ignored)).map(Some).map_err(|error| error.at(|| value.pointer()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value =
            self.value.take().ok_or_else(|| serde::de::Error::custom("a value was asked for before its key"))?;
        seed.deserialize(Decoder::new(value, Unknown::Ignored))
    }
}

/// Decodes the document at `node`.
pub(super) fn decode<T: serde::de::DeserializeOwned>(document: &Document, node: u32) -> Result<T, Error> {
    T::deserialize(Body(document.value(node, node)))
}
