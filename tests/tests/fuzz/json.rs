//! Changes documents so that they stay documents.

use admit_host::input::Document;
use serde_json::{Map, Value, json};

use super::random::Random;

/// The value in a JSON or YAML text.
pub(super) fn parse(text: &[u8]) -> Option<Value> {
    Document::parse(text, "seed.yaml").ok().map(|document| document.value().clone())
}

/// A document with a few changes, as JSON, which is YAML too.
pub(super) fn mutate(documents: &[Value], words: &[&str], random: &mut Random) -> Vec<u8> {
    let mut value = random.pick(documents).clone();
    for _ in 0..=random.skewed(4) {
        let other = random.pick(documents);
        change(&mut value, other, words, random);
    }
    match random.below(4) {
        0 => format!("{value:#}").into_bytes(),
        _ => value.to_string().into_bytes(),
    }
}

/// Goes down a random way, and changes what is there.
fn change(value: &mut Value, other: &Value, words: &[&str], random: &mut Random) {
    let stop = random.one_in(4);
    match value {
        Value::Object(fields) if !stop && !fields.is_empty() => {
            let key = random.below(fields.len());
            if let Some(below) = fields.values_mut().nth(key) {
                change(below, other, words, random);
            }
        }
        Value::Array(items) if !stop && !items.is_empty() => {
            let index = random.below(items.len());
            change(&mut items[index], other, words, random);
        }
        Value::Object(fields) if !random.one_in(3) => change_fields(fields, other, words, random),
        Value::Array(items) if !random.one_in(3) => change_items(items, other, words, random),
        Value::String(text) if !random.one_in(3) => change_text(text, words, random),
        _ => *value = replacement(value, other, words, random),
    }
}

fn change_fields(fields: &mut Map<String, Value>, other: &Value, words: &[&str], random: &mut Random) {
    let key = (!fields.is_empty()).then(|| random.below(fields.len()));
    let key = key.and_then(|index| fields.keys().nth(index).cloned());
    match (random.below(4), key) {
        (0, Some(key)) => drop(fields.remove(&key)),
        (1, Some(key)) => {
            let value = fields.remove(&key).unwrap_or_default();
            let mut renamed = key;
            change_text(&mut renamed, words, random);
            fields.insert(renamed, value);
        }
        (2, Some(key)) => {
            let value = replacement(&fields[&key], other, words, random);
            fields.insert(key, value);
        }
        _ => {
            let mut key = String::new();
            change_text(&mut key, words, random);
            fields.insert(key, replacement(&Value::Null, other, words, random));
        }
    }
}

fn change_items(items: &mut Vec<Value>, other: &Value, words: &[&str], random: &mut Random) {
    let at = random.below(items.len() + 1);
    match random.below(3) {
        0 if at < items.len() => drop(items.remove(at)),
        1 if at < items.len() => {
            let copy = items[at].clone();
            for _ in 0..=random.skewed(20) {
                items.insert(at, copy.clone());
            }
        }
        _ => items.insert(at, replacement(&Value::Null, other, words, random)),
    }
}

fn change_text(text: &mut String, words: &[&str], random: &mut Random) {
    let word = if words.is_empty() { "x" } else { random.pick(words) };
    let at = (0..=text.len()).rev().filter(|at| text.is_char_boundary(*at)).nth(random.skewed(text.len() + 1));
    match random.below(7) {
        0 | 1 => *text = word.to_owned(),
        2 => text.push_str(word),
        3 => text.insert_str(at.unwrap_or(0), word),
        4 => text.truncate(at.unwrap_or(0)),
        5 => text.insert(
            at.unwrap_or(0),
            *random.pick(&[
                '\0', '\n', '\r', '\t', ' ', '"', '\'', '\\', ':', '#', '\u{7f}', '\u{85}', '\u{2028}', '\u{feff}',
                'é', '😀', '\u{fffd}',
            ]),
        ),
        _ => *text = word.repeat(1 + random.skewed(2_000)),
    }
}

fn replacement(value: &Value, other: &Value, words: &[&str], random: &mut Random) -> Value {
    match random.below(20) {
        0 => Value::Null,
        1 => true.into(),
        2 => json!(*random.pick(&[0_i64, -1, 1, 200, 999, 65_535, 65_536, i64::MAX, i64::MIN])),
        3 => json!(*random.pick(&[u64::MAX, u64::MAX / 2 + 1])),
        4 => json!(*random.pick(&[0.5, -0.0, 1e300, 5e-324, 1e15])),
        5 => json!([]),
        6 => json!({}),
        7 => "".into(),
        8 => json!([value]),
        9 => json!({ "a": value }),
        10 => {
            let depth = 1 + random.skewed(400);
            (0..depth)
                .fold(value.clone(), |inner, _| if random.one_in(2) { json!([inner]) } else { json!({ "a": inner }) })
        }
        11..=15 => part(other, random).clone(),
        _ => {
            let mut text = value.as_str().unwrap_or_default().to_owned();
            change_text(&mut text, words, random);
            text.into()
        }
    }
}

/// A random part of a document.
fn part<'v>(value: &'v Value, random: &mut Random) -> &'v Value {
    let below = match value {
        Value::Object(fields) if !fields.is_empty() => fields.values().nth(random.below(fields.len())),
        Value::Array(items) if !items.is_empty() => Some(random.pick(items)),
        _ => None,
    };
    match below {
        Some(below) if !random.one_in(4) => part(below, random),
        _ => value,
    }
}
