//! JSON, stricter than its parser: no key is given twice. Numbers are as they arrive at a policy.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::error::Failure;
use super::{Position, number, yaml};

pub(super) fn parse(text: &str) -> Result<Value, Failure> {
    let mut value = strict(text)?;
    if number::has_float(&value) {
        yaml::to_nearest(&mut value, text);
    }
    Ok(number::as_sent(&value))
}

/// The value with its numbers as serde_json reads them.
fn strict(text: &str) -> Result<Value, Failure> {
    serde_json::from_str::<Strict>(text).map(|strict| strict.0).map_err(|error| {
        // serde_json counts columns in bytes, from 0 when an error is at the start of a line.
        let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
        let before = error.column().saturating_sub(1).min(line.len());
        let column = String::from_utf8_lossy(&line.as_bytes()[..before]).chars().count() + 1;
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(text, _)| text);
        (Some(Position { line: error.line(), column }), format!("not valid JSON: {message}"))
    })
}

/// A [`Value`] in which no object holds a key twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Strict(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` is given twice")));
            }
            let Strict(value) = map.next_value()?;
            object.insert(key, value);
        }
        Ok(Strict(object.into()))
    }
}
