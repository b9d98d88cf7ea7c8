//! A serde deserializer over a [`Value`], which knows where it is.
//!
//! serde's own errors carry no path; here the innermost value that fails puts its pointer into the error. It can also
//! refuse fields that a struct does not have, at every level and without `deny_unknown_fields`, because serde hands the
//! names of the fields to the deserializer.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

use super::value::{Array, Pairs};
use super::{Error, Kind, Value};
use crate::suggest;

/// What happens with fields that a struct does not have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    Ignored,
    Refused,
}

impl Value<'_> {
    /// Decodes the value into a type of the author's. Unknown fields are ignored unless the type refuses them.
    ///
    /// # Errors
    ///
    /// When the value does not have the shape of `T`; the error carries the pointer of the part that is wrong.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, Error> {
        T::deserialize(Decoder::new(self, Unknown::Ignored))
    }

    /// Decodes, and refuses fields that `T` does not have, at every level.
    pub(crate) fn decode_strict<T: DeserializeOwned>(self) -> Result<T, Error> {
        T::deserialize(Decoder::new(self, Unknown::Refused))
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Decoder<'de> {
    value: Value<'de>,
    unknown: Unknown,
}

impl<'de> Decoder<'de> {
    pub(crate) fn new(value: Value<'de>, unknown: Unknown) -> Self {
        Self { value, unknown }
    }

    fn map(self, fields: Option<&'static [&'static str]>) -> Map<'de> {
        Map { pairs: self.value.entries().0, value: None, unknown: self.unknown, fields }
    }

    /// The items of an array; more of them than a tuple takes are an error, not ignored.
    fn sequence<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut items = self.value.children();
        let taken = visitor.visit_seq(Seq { items: &mut items, unknown: self.unknown })?;
        match items.next() {
            None => Ok(taken),
            Some(_) => Err(Error::new("the array has too many items")),
        }
    }

    /// Calls the visitor with the value by its JSON type.
    fn any<V: Visitor<'de>>(self, visitor: V, fields: Option<&'static [&'static str]>) -> Result<V::Value, Error> {
        let value = self.value;
        match value.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool => visitor.visit_bool(value.as_bool() == Some(true)),
            Kind::Number => {
                if let Some(number) = value.as_u64() {
                    visitor.visit_u64(number)
                } else if let Some(number) = value.as_i64().filter(|number| *number != 0) {
                    // Not for `-0`, which only a float can keep.
                    visitor.visit_i64(number)
                } else {
                    match value.as_f64().filter(|number| number.is_finite()) {
                        Some(number) => visitor.visit_f64(number),
                        None => Err(Error::new("number out of range")),
                    }
                }
            }
            Kind::String => match value.unescaped() {
                std::borrow::Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                std::borrow::Cow::Owned(text) => visitor.visit_string(text),
            },
            Kind::Array => self.sequence(visitor),
            Kind::Object => visitor.visit_map(self.map(fields)),
        }
        .map_err(|error| error.at(|| value.pointer()))
    }
}

impl<'de> Deserializer<'de> for Decoder<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.any(visitor, None)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        // serde's derive also accepts an array for a struct, field by field; here it is an error.
        match self.value.kind() {
            Kind::Object => self.any(visitor, Some(fields)),
            _ => Err(self.value.unexpected("an object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value = self.value;
        match value.kind() {
            Kind::String => visitor.visit_enum(value.unescaped().into_deserializer()),
            Kind::Object => {
                let mut pairs = value.entries().0;
                match (pairs.next(), pairs.next()) {
                    (Some((key, content)), None) => visitor.visit_enum(Enum { key, content, unknown: self.unknown }),
                    _ => Err(Error::new("expected an object with exactly one key, the name of the variant")),
                }
            }
            _ => Err(value.unexpected("the name of a variant")),
        }
        .map_err(|error: Error| error.at(|| value.pointer()))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier
    }
}

struct Seq<'s, 'de> {
    items: &'s mut Array<'de>,
    unknown: Unknown,
}

impl<'de> SeqAccess<'de> for Seq<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.items.next().map(|value| seed.deserialize(Decoder::new(value, self.unknown))).transpose()
    }
}

struct Map<'de> {
    pairs: Pairs<'de>,
    value: Option<Value<'de>>,
    unknown: Unknown,
    fields: Option<&'static [&'static str]>,
}

impl<'de> MapAccess<'de> for Map<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.pairs.next() else { return Ok(None) };
        if let (Unknown::Refused, Some(fields)) = (self.unknown, self.fields) {
            let name = key.unescaped();
            if !fields.contains(&&*name) {
                return Err(Error::new(suggest::unknown_field(&name, fields)).at(|| value.pointer()));
            }
        }
        self.value = Some(value);
        // A key error (an unknown field, a number that does not parse) belongs to the entry, not to its parent.
        seed.deserialize(Key(key)).map(Some).map_err(|error| error.at(|| value.pointer()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take().ok_or_else(|| Error::new("a value was asked for before its key"))?;
        seed.deserialize(Decoder::new(value, self.unknown))
    }
}

/// A key of an object; maps may have keys that are numbers or booleans in quotes.
struct Key<'de>(Value<'de>);

/// Whether a number is written as JSON writes it. Otherwise `80` and `080` would be one key, and the first value of the two
/// would be lost.
fn is_canonical(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    text == "0" || !digits.starts_with(['0', '+'])
}

macro_rules! parsed_keys {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let text = self.0.unescaped();
            match text.parse() {
                Ok(key) if is_canonical(&text) => visitor.$visit(key),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.unescaped() {
            std::borrow::Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            std::borrow::Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.0.unescaped().into_deserializer())
    }

    parsed_keys! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

struct Enum<'de> {
    key: Value<'de>,
    content: Value<'de>,
    unknown: Unknown,
}

impl<'de> EnumAccess<'de> for Enum<'de> {
    type Error = Error;
    type Variant = Variant<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), Error> {
        let variant = seed.deserialize(Key(self.key)).map_err(|error| error.at(|| self.content.pointer()))?;
        Ok((variant, Variant(Decoder::new(self.content, self.unknown))))
    }
}

struct Variant<'de>(Decoder<'de>);

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.0.value.is_null() { Ok(()) } else { Err(self.0.value.unexpected("null")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_struct("", fields, visitor)
    }
}
