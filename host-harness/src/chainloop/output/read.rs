//! Reading an answer.

use serde_json::{Map, Value};

use super::super::go::{folded, word};
use super::super::json::Json;
use super::{Evaluation, OutputError, Violation};

/// What a key may hold, and what Go calls it.
#[derive(Clone, Copy, PartialEq)]
enum Type {
    Bool,
    Text,
    List,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Text => "string",
            Self::List => "[]json.RawMessage",
        }
    }

    fn fits(self, byte: u8) -> bool {
        match self {
            Self::Bool => matches!(byte, b't' | b'f'),
            Self::Text => byte == b'"',
            Self::List => byte == b'[',
        }
    }
}

/// What Go calls the whole.
const STRUCT: &str = r#"struct { Skipped bool "json:\"skipped\""; Violations []json.RawMessage "json:\"violations\""; Findings []json.RawMessage "json:\"findings\""; SkipReason string "json:\"skip_reason\""; Ignore bool "json:\"ignore\"" }"#;

const FIELDS: [(&str, Type); 5] = [
    ("skipped", Type::Bool),
    ("skip_reason", Type::Text),
    ("violations", Type::List),
    ("findings", Type::List),
    ("ignore", Type::Bool),
];

/// Reads an answer.
pub(super) fn evaluation(policy: &str, output: &[u8]) -> Result<Evaluation, OutputError> {
    let failed = |what: String| OutputError::of_answer(format!("failed to parse policy output: {what}"));
    let json = Json::document(output).map_err(|error| failed(error.of_a_document()))?;
    let root = json.start();
    let mut evaluation = Evaluation::default();
    let (mut violations, mut findings) = (Vec::new(), Vec::new());
    match json.byte(root) {
        b'n' => return Ok(evaluation),
        b'{' => {}
        byte => return Err(failed(format!("json: cannot unmarshal {} into Go value of type {STRUCT}", word(byte)))),
    }
    // Of several mistakes, the first one in the text counts.
    for member in json.members(root) {
        let folded = folded(&json.key(member));
        let Some((name, expected)) = FIELDS.iter().find(|(name, _)| *name == folded) else { continue };
        let at = member.value();
        let byte = json.byte(at);
        if byte == b'n' {
            match *name {
                "violations" => violations.clear(),
                "findings" => findings.clear(),
                // `null` leaves a string or a boolean as it is.
                _ => {}
            }
            continue;
        }
        let wrong = |found: &str, expected: &str| {
            failed(format!("json: cannot unmarshal {found} into Go struct field .{name} of type {expected}"))
        };
        if !expected.fits(byte) {
            return Err(wrong(word(byte), expected.name()));
        }
        match *name {
            "skipped" => evaluation.skipped = byte == b't',
            "ignore" => evaluation.ignore = byte == b't',
            "skip_reason" => evaluation.skip_reason = json.string(at).unwrap_or_default().into_owned(),
            _ => {
                *(if *name == "findings" { &mut findings } else { &mut violations }) = json.items(at).collect();
            }
        }
    }
    let found: Result<_, _> = if findings.is_empty() {
        violations.into_iter().map(|item| violation(policy, json.tree(item))).collect()
    } else {
        findings.into_iter().map(|item| finding(policy, &json, item)).collect()
    };
    evaluation.violations = found?;
    Ok(evaluation)
}

fn finding(policy: &str, json: &Json<'_>, item: usize) -> Result<Violation, OutputError> {
    const INTO: &str = "into Go value of type";
    let made = match (json.byte(item), json.tree(item)) {
        (b'n', _) => structured(policy, Map::new()),
        (b'{', Ok(Value::Object(object))) => structured(policy, object),
        (b'{', Err(number)) => {
            Err(format!("finding must be a JSON object: json: cannot unmarshal number {number} {INTO} float64"))
        }
        (byte, _) => {
            let word = word(byte);
            Err(format!(
                "finding must be a JSON object: json: cannot unmarshal {word} {INTO} map[string]interface {{}}"
            ))
        }
    };
    made.map_err(|what| OutputError::of_answer(format!("finding in policy \"{policy}\": {what}")))
}

/// A number that a float cannot hold is the error of `item`.
fn violation(policy: &str, item: Result<Value, String>) -> Result<Violation, OutputError> {
    let made = match item {
        Err(number) => {
            Err(format!("invalid violation JSON: json: cannot unmarshal number {number} into Go value of type float64"))
        }
        Ok(Value::String(message)) => Ok(Violation { subject: policy.to_owned(), message, object: None }),
        Ok(Value::Object(object)) => structured(policy, object),
        Ok(other) => Err(format!("violation must be a string or object, got {}", go_type(&other))),
    };
    made.map_err(|what| OutputError::of_answer(format!("violation in policy \"{policy}\": {what}")))
}

fn structured(policy: &str, object: Map<String, Value>) -> Result<Violation, String> {
    match object.get("message") {
        Some(Value::String(message)) => {
            Ok(Violation { subject: policy.to_owned(), message: message.clone(), object: Some(object) })
        }
        Some(other) => Err(format!("\"message\" field must be a string, got {}", go_type(other))),
        None => Err("missing required \"message\" field in structured violation".to_owned()),
    }
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}
