//! Decodes args into the author's type: every value is a string or an array of strings, and the type decides how a string is
//! read.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};

use crate::json::{Array, Decoder, Document, Error, Kind, Pairs, SyntaxError, Unknown, Value};
use crate::suggest;

/// Decodes args, an object of strings and arrays of strings. Args that `T` has no field for are refused.
///
/// # Errors
///
/// With the JSON pointer of the arg that is wrong.
pub(crate) fn decode<T: DeserializeOwned>(args: Value<'_>) -> Result<T, Error> {
    let nested = Nested::new(args);
    T::deserialize(Root { args, nested: &nested })
}

/// The JSON documents in strings that begin with a brace. They are parsed in advance, so that decoded values can borrow.
struct Nested(Vec<(u32, Result<Document, SyntaxError>)>);

impl Nested {
    fn new(args: Value<'_>) -> Self {
        let mut documents = Vec::new();
        let mut read = |value: Value<'_>| {
            if let Some(text) = value.as_str().filter(|text| text.trim_start().starts_with('{')) {
                documents.push((value.index(), Document::parse(text.into_owned().into_bytes())));
            }
        };
        for (_, value) in args.entries() {
            read(value);
            value.children().for_each(&mut read);
        }
        Self(documents)
    }

    fn get(&self, value: Value<'_>) -> Result<Value<'_>, Error> {
        match self.0.iter().find(|(node, _)| *node == value.index()) {
            Some((_, Ok(document))) => Ok(document.root()),
            Some((_, Err(error))) => Err(Error::new(format!("expected an object as JSON text: {error}"))),
            None if value.kind() == Kind::Array => {
                Err(Error::new("expected an object as JSON text, found an array: write its commas as `\\,`"))
            }
            None => Err(Error::new("expected an object as JSON text")),
        }
    }
}

/// All args.
#[derive(Clone, Copy)]
struct Root<'de> {
    args: Value<'de>,
    nested: &'de Nested,
}

impl<'de> Root<'de> {
    fn map<V: Visitor<'de>>(self, fields: Option<&'static [&'static str]>, visitor: V) -> Result<V::Value, Error> {
        if self.args.kind() != Kind::Object {
            return Err(self.args.unexpected("an object"));
        }
        visitor.visit_map(Map { pairs: self.args.pairs(), value: None, nested: self.nested, fields })
    }
}

impl<'de> Deserializer<'de> for Root<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.map(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.map(Some(fields), visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

struct Map<'de> {
    pairs: Pairs<'de>,
    value: Option<Value<'de>>,
    nested: &'de Nested,
    fields: Option<&'static [&'static str]>,
}

impl<'de> MapAccess<'de> for Map<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.pairs.next() else { return Ok(None) };
        let name = key.unescaped();
        if let Some(fields) = self.fields.filter(|fields| !fields.contains(&&*name)) {
            return Err(Error::new(suggest::unknown_field(&name, fields)).at(|| value.pointer()));
        }
        self.value = Some(value);
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take().ok_or_else(|| Error::custom("a value was asked for before its key"))?;
        seed.deserialize(Arg { value, nested: self.nested }).map_err(|error| error.at(|| value.pointer()))
    }
}

/// One arg, or one item of a list.
#[derive(Clone, Copy)]
struct Arg<'de> {
    value: Value<'de>,
    nested: &'de Nested,
}

impl<'de> Arg<'de> {
    fn text(self) -> Result<std::borrow::Cow<'de, str>, Error> {
        match self.value.as_str() {
            Some(text) => Ok(text),
            None if self.value.kind() == Kind::Array => Err(Error::new(
                "expected one string, found an array: write a comma that belongs to the string as `\\,`",
            )),
            None => Err(self.value.unexpected("a string")),
        }
    }

    fn document(self) -> Result<Decoder<'de>, Error> {
        Ok(Decoder::new(self.nested.get(self.value)?, Unknown::Refused))
    }

    fn sequence<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut items = match self.value.kind() {
            Kind::Array => Items::Many(self.value.children()),
            _ => Items::One(Some(self.value)),
        };
        let taken = visitor.visit_seq(Seq { items: &mut items, nested: self.nested })?;
        match items.next() {
            None => Ok(taken),
            Some(_) => Err(Error::new("the list has too many items")),
        }
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let text = self.text()?;
            match text.trim().parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Error::invalid_type(Unexpected::Str(&text), &visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Arg<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.kind() {
            Kind::Array => self.sequence(visitor),
            _ => match self.text()? {
                std::borrow::Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                std::borrow::Cow::Owned(text) => visitor.visit_string(text),
            },
        }
    }

    parsed! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
        deserialize_i128 visit_i128
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
        deserialize_u128 visit_u128
        deserialize_f32 visit_f32 deserialize_f64 visit_f64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text()?;
        self.deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.sequence(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.sequence(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.sequence(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.document()?.deserialize_map(visitor).map_err(in_text)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.document()?.deserialize_struct(name, fields, visitor).map_err(in_text)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text = self.text()?;
        if text.trim_start().starts_with('{') {
            return self.document()?.deserialize_enum(name, variants, visitor).map_err(in_text);
        }
        visitor.visit_enum(text.into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { bytes byte_buf unit unit_struct identifier }
}

/// An error in the JSON text of an arg: its pointer is relative to that text, not to the args.
#[cold]
fn in_text(error: Error) -> Error {
    Error::new(format!("in its JSON text: {error}"))
}

/// The items of an array, or one string that stands for an array of one.
enum Items<'de> {
    One(Option<Value<'de>>),
    Many(Array<'de>),
}

impl<'de> Iterator for Items<'de> {
    type Item = Value<'de>;

    fn next(&mut self) -> Option<Value<'de>> {
        match self {
            Self::One(value) => value.take(),
            Self::Many(items) => items.next(),
        }
    }
}

struct Seq<'s, 'de> {
    items: &'s mut Items<'de>,
    nested: &'de Nested,
}

impl<'de> SeqAccess<'de> for Seq<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(value) = self.items.next() else { return Ok(None) };
        let item = seed.deserialize(Arg { value, nested: self.nested });
        item.map(Some).map_err(|error| error.at(|| value.pointer()))
    }
}
