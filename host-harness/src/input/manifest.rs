//! `Cargo.toml`: TOML, as the JSON that cargo makes of it, and where everything stands.

use serde_json::{Map, Number, Value};
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::Position;
use super::error::Failure;
use super::places::{Below, Places};

pub(super) fn parse(text: &str) -> Result<Value, Failure> {
    let table = DeTable::parse(text).map_err(|error| {
        let position = error.span().and_then(|span| text.get(..span.start)).map(Position::after);
        (position, format!("not valid TOML: {}", error.message()))
    })?;
    Ok(Value::Object(object(table.get_ref())))
}

fn object(table: &DeTable<'_>) -> Map<String, Value> {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value))).collect()
}

/// Values that JSON does not have (a time, `nan`, a number of more than 64 bits) become strings: they are in tables of other
/// tools, which are not read here.
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

/// The positions of all values.
pub(super) fn places(text: &str) -> Vec<Places> {
    // A text that is not TOML has no values, and so no positions.
    let lines = Lines::new(text);
    let root = DeTable::parse(text).map(|root| Places::new(Some(lines.at(0)), below(&lines, root.get_ref())));
    root.into_iter().collect()
}

fn below(lines: &Lines<'_>, table: &DeTable<'_>) -> Below {
    let entry = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        (key.get_ref().to_string(), of(lines, key.span().start, value))
    };
    Below::Mapping(table.iter().map(entry).collect())
}

fn of(lines: &Lines<'_>, at: usize, value: &Spanned<DeValue<'_>>) -> Places {
    let below = match value.get_ref() {
        DeValue::Table(table) => below(lines, table),
        DeValue::Array(items) => Below::Sequence(items.iter().map(|item| of(lines, item.span().start, item)).collect()),
        _ => Below::Nothing,
    };
    Places::new(Some(lines.at(at)), below)
}

/// A text, and where its lines start.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let starts = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The position of a byte.
    fn at(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.text.get(start..offset).unwrap_or_default().chars().count() + 1;
        Position { line, column }
    }
}
