//! YAML and JSON as kubectl reads them.
//!
//! Each line in `kubectl` is a text and what kubectl sends of it: the documents, or `null` where it refuses the text. They are
//! the answers of the Go modules of kubectl 1.32 (`sigs.k8s.io/yaml` 1.4.0 and `k8s.io/apimachinery` 0.32.4): a text went
//! through `yaml.NewYAMLOrJSONDecoder` and `json.Unmarshal` of `k8s.io/apimachinery/pkg/util`, and `encoding/json` wrote what
//! came out; the last two once more, as in an API server.

use std::path::Path;

use admit_host::input::Document;
use libtest_mimic::Trial;
use serde_json::Value;

/// One trial for each file.
pub(super) fn trials() -> Vec<Trial> {
    let of = |file: &'static str, name: &'static str, what: Expected| {
        Trial::test(format!("cli::kubectl::{}", file.trim_end_matches(".jsonl")), move || {
            compare(file, name, what).map_err(Into::into)
        })
    };
    vec![
        of("scalars.jsonl", "a.yaml", Expected::Same),
        of("keys.jsonl", "a.yaml", Expected::Same),
        of("merges.jsonl", "a.yaml", Expected::Same),
        of("json-numbers.jsonl", "a.json", Expected::Same),
        of("stricter.jsonl", "a.yaml", Expected::Refused),
    ]
}

#[derive(Clone, Copy, PartialEq)]
enum Expected {
    /// What kubectl makes of it.
    Same,
    /// An error: kubectl takes one of two values, or bytes that are no text.
    Refused,
}

fn compare(file: &str, name: &str, what: Expected) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/kubectl").join(file);
    let lines = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let (text, answer): (String, Option<Vec<Value>>) = serde_json::from_str(line).map_err(|e| e.to_string())?;
        let read = Document::parse_all(text.as_bytes(), name);
        let read = read.map(|documents| documents.iter().map(|document| document.value().clone()).collect::<Vec<_>>());
        let expected = if what == Expected::Same { answer } else { None };
        let equal = match (&read, &expected) {
            (Ok(read), Some(expected)) => same(&read.clone().into(), &expected.clone().into()),
            (Err(_), None) => true,
            _ => false,
        };
        if !equal {
            wrong.push(format!("{text:?}\n  kubectl: {expected:?}\n  read:    {read:?}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Whether two values are the same: integers and floats are not, and serde_json, which has read the answer, does not always
/// take the nearest float.
fn same(read: &Value, expected: &Value) -> bool {
    match (read, expected) {
        (Value::Array(read), Value::Array(expected)) => {
            read.len() == expected.len() && read.iter().zip(expected).all(|(read, expected)| same(read, expected))
        }
        (Value::Object(read), Value::Object(expected)) => {
            let has = |(key, read): (&String, &Value)| expected.get(key).is_some_and(|expected| same(read, expected));
            read.len() == expected.len() && read.iter().all(has)
        }
        (Value::Number(read), Value::Number(expected)) if read.is_f64() && expected.is_f64() => {
            let (read, expected) = (read.as_f64().unwrap_or_default(), expected.as_f64().unwrap_or_default());
            (read - expected).abs() <= expected.abs() * f64::EPSILON
        }
        _ => read == expected,
    }
}
