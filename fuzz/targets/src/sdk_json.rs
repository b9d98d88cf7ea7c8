//! The SDK's JSON, against serde_json.

use std::collections::BTreeMap;

use admit::json::{Document, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Reference;

pub(crate) const WORDS: &[&str] = &[
    "null",
    "true",
    "false",
    "-0",
    "1e999",
    "18446744073709551616",
    "-9223372036854775809",
    "0.1",
    "1E-2",
    "\\u0000",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\u00e9",
    "\\\\",
    "\\\"",
    "\u{7f}",
    "\u{80}",
    "😀",
    "~0",
    "~1",
    "list",
    "name",
    "pair",
    "byPort",
    "byLevel",
    "open",
    "limited",
    "named",
    "user",
    "low",
    "high",
    "80",
    "ratio",
    "flag",
];

/// Values whose pointers are followed; each step of that goes through the document.
const FOLLOWED: usize = 100;

/// Accepts what serde_json accepts, reads the same values, and each value's pointer leads to it.
pub(crate) fn document(data: &[u8]) {
    let theirs: Result<Reference, _> = serde_json::from_slice(data);
    let document = match (Document::parse(data.to_vec()), &theirs) {
        (Ok(document), _) => document,
        (Err(error), Ok(_)) => panic!("serde_json reads this: {error}"),
        (Err(error), Err(_)) => {
            assert!(error.line() >= 1 && error.column() >= 1, "{error}");
            return;
        }
    };
    let ours: Result<Reference, _> = document.root().decode();
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert!(equal(&ours, &theirs), "{ours}\n{theirs}"),
        (Err(_), Err(_)) => {}
        // The largest numbers are out of range for it because of how it rounds.
        (Ok(_), Err(error)) if error.to_string().starts_with("number out of range") => {}
        (ours, theirs) => panic!("ours: {ours:?}\ntheirs: {theirs:?}"),
    }
    let mut left = FOLLOWED;
    follow(document.root(), document.root(), &mut left);
}

fn follow<'a>(root: Value<'a>, value: Value<'a>, left: &mut usize) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    let pointer = value.pointer();
    match root.at(&pointer) {
        Some(found) => assert_eq!(found.raw(), value.raw(), "at {pointer}"),
        None => assert!(value.is_null(), "nothing at {pointer}"),
    }
    if let Some(text) = value.as_str() {
        let theirs: String = serde_json::from_str(value.raw()).expect("it was read as a string");
        assert_eq!(text, theirs);
    }
    let mut seen = BTreeMap::new();
    for (key, entry) in value.entries() {
        seen.insert(key, entry);
    }
    // Of entries with the same key only the last one is there.
    for entry in seen.into_values() {
        follow(root, entry, left);
    }
    if let Ok(items) = value.decode::<Vec<serde::de::IgnoredAny>>() {
        for index in 0..items.len().min(FOLLOWED) {
            if let Some(item) = value.at(&format!("/{index}")) {
                follow(root, item, left);
            }
        }
    }
}

/// Equality, but for the last digits of a float: serde_json rounds its own way unless `float_roundtrip` is on.
fn equal(ours: &Reference, theirs: &Reference) -> bool {
    match (ours, theirs) {
        (Reference::Array(a), Reference::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Reference::Object(a), Reference::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        (Reference::Number(a), Reference::Number(b)) if a.is_f64() && b.is_f64() => {
            let bits = |number: &serde_json::Number| number.as_f64().expect("it is a float").to_bits();
            bits(a).abs_diff(bits(b)) <= 8
        }
        _ => ours == theirs,
    }
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    #[serde(default)]
    list: Vec<Item>,
    pair: Option<(u8, String)>,
    #[serde(default)]
    by_port: BTreeMap<u16, Mode>,
    #[serde(default)]
    by_level: BTreeMap<Level, u8>,
    ratio: Option<i64>,
    flag: Option<bool>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Low,
    High,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Item {
    name: String,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Open,
    Limited(u32),
    Named { user: String },
}

/// What decodes into a type decodes with serde_json too, to the same value; an error points into the document.
pub(crate) fn decode(data: &[u8]) {
    let Ok(document) = Document::parse(data.to_vec()) else { return };
    match document.root().decode::<Shape>() {
        Ok(ours) => {
            let theirs: Shape = serde_json::from_slice(data).unwrap_or_else(|error| panic!("{error}: {ours:?}"));
            assert_eq!(ours, theirs);
        }
        // The other way round does not hold: arrays are no structs here.
        Err(error) => {
            let pointer = error.pointer();
            assert!(pointer.is_empty() || pointer.starts_with('/'), "{error}");
        }
    }
    let _ = document.root().decode::<Vec<Shape>>();
    let _ = document.root().decode::<BTreeMap<String, Mode>>();
    let _ = document.root().decode::<(u8, i64, f32, char)>();
}
