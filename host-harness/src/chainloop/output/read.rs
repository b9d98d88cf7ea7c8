//! Reading an answer.

use serde_json::{Map, Value};

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
            Self::List => "[]interface {}",
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

const FIELDS: [(&str, Type); 5] = [
    ("skipped", Type::Bool),
    ("skip_reason", Type::Text),
    ("violations", Type::List),
    ("findings", Type::List),
    ("ignore", Type::Bool),
];

/// Reads an answer.
pub(super) fn evaluation(policy: &str, output: &[u8]) -> Result<Evaluation, OutputError> {
    let failed = |what: String| OutputError(format!("failed to parse policy output: {what}"));
    let json = Json::document(output).map_err(|error| failed(error.of_a_document()))?;
    let root = json.start();
    let mut evaluation = Evaluation::default();
    let (mut violations, mut findings) = (Vec::new(), Vec::new());
    match json.byte(root) {
        b'n' => return Ok(evaluation),
        b'{' => {}
        byte => return Err(failed(format!("json: cannot unmarshal {} into Go value of type struct", word(byte)))),
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
                let items = json.items(at).map(|item| json.tree(item)).collect::<Result<Vec<_>, _>>();
                let items = items.map_err(|number| wrong(&format!("number {number}"), "float64"))?;
                *(if *name == "findings" { &mut findings } else { &mut violations }) = items;
            }
        }
    }
    let found: Result<_, _> = if findings.is_empty() {
        violations.into_iter().map(|item| violation(policy, item)).collect()
    } else {
        findings.into_iter().map(|item| finding(policy, item)).collect()
    };
    evaluation.violations = found?;
    Ok(evaluation)
}

fn finding(policy: &str, item: Value) -> Result<Violation, OutputError> {
    let made = match item {
        Value::Object(object) => structured(policy, object),
        _ => Err("finding must be a JSON object".to_owned()),
    };
    made.map_err(|what| OutputError(format!("finding in policy \"{policy}\": {what}")))
}

fn violation(policy: &str, item: Value) -> Result<Violation, OutputError> {
    let made = match item {
        Value::String(message) => Ok(Violation { subject: policy.to_owned(), message, object: None }),
        Value::Object(object) => structured(policy, object),
        other => Err(format!("violation must be a string or object, got {}", go_type(&other))),
    };
    made.map_err(|what| OutputError(format!("violation in policy \"{policy}\": {what}")))
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

/// What Go calls a value that starts with this byte.
pub(in crate::chainloop) fn word(byte: u8) -> &'static str {
    match byte {
        b'{' => "object",
        b'[' => "array",
        b'"' => "string",
        b't' | b'f' => "bool",
        b'n' => "null",
        _ => "number",
    }
}

/// A key as Go compares it with the names of fields: without case, two letters beyond ASCII included.
pub(in crate::chainloop) fn folded(key: &str) -> String {
    let fold = |letter: char| match letter {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    };
    key.chars().map(fold).collect()
}
