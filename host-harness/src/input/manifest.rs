//! `Cargo.toml`: TOML, as the JSON that cargo makes of it, and where everything stands.

use serde_json::{Map, Number, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Position,
    cursor::Step,
    document::{Failure, end_of},
};

pub(super) fn parse(text: &str) -> Result<Value, Failure> {
    let table = DeTable::parse(text).map_err(|error| {
        let position = error.span().and_then(|span| text.get(..span.start)).map(end_of);
        (position, format!("not valid TOML: {}", error.message()))
    })?;
    Ok(Value::Object(object(table.get_ref())))
}

fn object(table: &DeTable<'_>) -> Map<String, Value> {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value))).collect()
}

/// What JSON has no word for (a time, `nan`, a number of more than 64 bits) becomes a text: it stands in tables of other
/// tools, which are none of our business.
fn json(value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => number.into(),
            Err(_) => Value::String(number.as_str().to_owned()),
        },
        DeValue::Float(number) => match number.as_str().parse().ok().and_then(Number::from_f64) {
            Some(number) => Value::Number(number),
            None => Value::String(number.as_str().to_owned()),
        },
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(json).collect()),
        DeValue::Table(table) => Value::Object(object(table)),
    }
}

/// As [`locate::position`](super::locate::position), for TOML.
pub(super) fn position(text: &str, path: &[Step<'_>]) -> Option<Position> {
    let root = DeTable::parse(text).ok()?;
    let mut at = 0;
    let mut table = Some(root.get_ref());
    let mut items = None;
    for step in path {
        let next = match step {
            Step::Key(key) => {
                let Some((key, value)) = table.and_then(|table| table.iter().find(|(k, _)| k.get_ref() == key)) else {
                    break;
                };
                at = key.span().start;
                value
            }
            Step::Index(index) => {
                let Some(item) = items.and_then(|items: &toml::de::DeArray<'_>| items.get(*index)) else { break };
                at = item.span().start;
                item
            }
        };
        (table, items) = match next.get_ref() {
            DeValue::Table(table) => (Some(table), None),
            DeValue::Array(items) => (None, Some(items)),
            _ => (None, None),
        };
    }
    text.get(..at).map(end_of)
}
