//! The fields of each type of findings.

use serde_json::Value;

use super::super::proto::{Field, Message, Value as Proto, camel, number};
use super::FindingType;

const ASSESSMENT: Message = Message {
    fields: &[Field::one("id", Proto::String), Field::one("status", Proto::String), Field::one("scope", Proto::String)],
};

const ASSESSMENTS: Message = Message {
    fields: &[Field::one("effective_status", Proto::String), Field::many("assessments", Proto::Message(&ASSESSMENT))],
};

const VULNERABILITY: Message = Message {
    fields: &[
        Field::one("message", Proto::String),
        Field::one("external_id", Proto::String),
        Field::one("package_purl", Proto::String),
        Field::one("severity", Proto::String),
        Field::one("cvss_v3_score", Proto::Double),
        Field::many("cwes", Proto::String),
        Field::one("recommendation", Proto::String),
        Field::one("description", Proto::String),
        Field::one("fixed_version", Proto::String),
        Field::one("assessment", Proto::Message(&ASSESSMENTS)),
    ],
};

const SAST: Message = Message {
    fields: &[
        Field::one("message", Proto::String),
        Field::one("rule_id", Proto::String),
        Field::one("severity", Proto::String),
        Field::one("location", Proto::String),
        Field::one("line_number", Proto::Int32),
        Field::one("code_snippet", Proto::String),
        Field::one("recommendation", Proto::String),
        Field::one("severity_score", Proto::Double),
        Field::one("assessment", Proto::Message(&ASSESSMENTS)),
    ],
};

const LICENSE_VIOLATION: Message = Message {
    fields: &[
        Field::one("message", Proto::String),
        Field::one("component_name", Proto::String),
        Field::one("package_purl", Proto::String),
        Field::one("license_id", Proto::String),
        Field::one("license_name", Proto::String),
        Field::one("component_version", Proto::String),
        Field::one("recommendation", Proto::String),
        Field::one("assessment", Proto::Message(&ASSESSMENTS)),
    ],
};

/// The fields of findings of this type, in the order of results.
pub(super) fn message(finding_type: FindingType) -> &'static Message {
    match finding_type {
        FindingType::Vulnerability => &VULNERABILITY,
        FindingType::Sast => &SAST,
        FindingType::LicenseViolation => &LICENSE_VIOLATION,
    }
}

/// Whether findings need this field.
pub(super) fn required(finding_type: FindingType, field: &str) -> bool {
    let names: &[&str] = match finding_type {
        FindingType::Vulnerability => &["message", "external_id", "package_purl", "severity"],
        FindingType::Sast => &["message", "rule_id", "severity", "location"],
        FindingType::LicenseViolation => &["message", "component_name", "license_id"],
    };
    names.contains(&field)
}

/// What a field is set to, under either of its names.
pub(super) fn given<'v>(object: &'v serde_json::Map<String, Value>, field: &Field) -> Option<&'v Value> {
    object.get(field.name).or_else(|| object.get(&camel(field.name))).filter(|given| !given.is_null())
}

/// The value of a field in a result; `None` where it says nothing. The value was checked before.
pub(super) fn value(field: &Field, given: &Value) -> Option<Value> {
    use super::super::proto::Shape;
    match field.shape {
        Shape::One(Proto::Message(of)) => Some(single(Proto::Message(of), given)),
        // This one remembers that it was set.
        Shape::One(of) if field.name == "severity_score" => Some(single(of, given)),
        Shape::One(of) => {
            let value = single(of, given);
            let zero = value == "" || value == false || value.as_f64() == Some(0.0);
            (!zero).then_some(value)
        }
        Shape::Many(of) => {
            let items: Vec<_> = given.as_array()?.iter().map(|item| single(of, item)).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Shape::Strings => Some(given.clone()),
    }
}

fn single(of: Proto, given: &Value) -> Value {
    match of {
        Proto::Message(message) => {
            let empty = serde_json::Map::new();
            let object = given.as_object().unwrap_or(&empty);
            let entry = |field: &Field| Some((field.name.to_owned(), value(field, self::given(object, field)?)?));
            Value::Object(message.fields.iter().filter_map(entry).collect())
        }
        Proto::Int32 | Proto::Double => {
            let number = match given {
                // `NaN` and the infinities stay words.
                Value::String(text) => number(text),
                other => other.as_f64(),
            };
            match number {
                Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => Value::from(number as i64),
                Some(number) => Value::from(number),
                None => given.clone(),
            }
        }
        Proto::String | Proto::Bool | Proto::Enum(_) => given.clone(),
    }
}
