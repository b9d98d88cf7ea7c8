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
    object(text, table.get_ref()).map(Value::Object)
}

fn object(text: &str, table: &DeTable<'_>) -> Result<Map<String, Value>, Failure> {
    table.iter().map(|(key, value)| Ok((key.get_ref().to_string(), json(text, value)?))).collect()
}

fn json(text: &str, value: &Spanned<DeValue<'_>>) -> Result<Value, Failure> {
    let failed = |what: &str| {
        let position = text.get(..value.span().start).map(end_of);
        (position, format!("not valid: {what}"))
    };
    Ok(match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            number.map_err(|_| failed("this number is too large"))?.into()
        }
        DeValue::Float(number) => {
            let number = number.as_str().parse().ok().and_then(Number::from_f64);
            Value::Number(number.ok_or_else(|| failed("this is no number that JSON has"))?)
        }
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| json(text, item)).collect::<Result<_, _>>()?),
        DeValue::Table(table) => Value::Object(object(text, table)?),
    })
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
