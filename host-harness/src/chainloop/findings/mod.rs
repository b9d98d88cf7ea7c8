//! Findings: violations that tools can read.

mod schema;

use std::fmt;

use serde_json::{Map, Value};

use super::json::{Json, Sink, write_string};
use super::output::{OutputError, Violation};
use super::proto::{self, Field, Unknown};

/// The type of a policy's structured findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingType {
    /// A known vulnerability in a package.
    Vulnerability,
    /// A mistake in source code.
    Sast,
    /// A license that is not wanted.
    LicenseViolation,
}

impl FindingType {
    /// Every type.
    pub const ALL: &[Self] = &[Self::Vulnerability, Self::Sast, Self::LicenseViolation];

    /// The name in policy files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vulnerability => "VULNERABILITY",
            Self::Sast => "SAST",
            Self::LicenseViolation => "LICENSE_VIOLATION",
        }
    }

    /// The key in results.
    pub fn key(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Sast => "sast",
            Self::LicenseViolation => "license_violation",
        }
    }
}

impl fmt::Display for FindingType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A finding that has everything its type asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its type.
    pub finding_type: FindingType,
    /// Its fields, by their names in results, in the order of results. Fields without a value are left out.
    pub fields: Vec<(&'static str, Value)>,
}

impl Finding {
    /// Reads a finding. Fields that its type does not have are dropped.
    ///
    /// # Errors
    ///
    /// The first field of a wrong type, or everything that is missing or out of range, in Chainloop's words.
    pub fn of(finding_type: FindingType, object: &Map<String, Value>) -> Result<Self, OutputError> {
        let message = schema::message(finding_type);
        let text = written(object);
        let wrong = match Json::document(&text) {
            Ok(json) => proto::check(&json, message, Unknown::Dropped),
            Err(error) => Err(error.of_a_document()),
        };
        wrong.map_err(|error| {
            OutputError::of_findings(format!("finding does not match {finding_type} schema: {error}"))
        })?;
        let value = |field: &Field| Some((field.name, schema::value(field, schema::given(object, field)?)?));
        let fields: Vec<_> = message.fields.iter().filter_map(value).collect();
        let mut wrong = Vec::new();
        for field in message.fields {
            let found = fields.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value);
            if schema::required(finding_type, field.name) && found.is_none() {
                wrong.push(format!("{}: value is required", field.name));
            }
            // Not a number is in no range.
            let inside = |score: &Value| score.as_f64().is_some_and(|score| (0.0..=10.0).contains(&score));
            if field.name == "cvss_v3_score" && found.is_some_and(|score| !inside(score)) {
                let range = "must be greater than or equal to 0 and less than or equal to 10";
                wrong.push(format!("{}: {range}", field.name));
            }
            let assessments = found.filter(|_| field.name == "assessment").map(|found| &found["assessments"]);
            for (index, one) in assessments.and_then(Value::as_array).into_iter().flatten().enumerate() {
                wrong.extend(id(one).map(|what| format!("assessment.assessments[{index}].id: {what}")));
            }
        }
        match proto::broken(&wrong) {
            None => Ok(Self { finding_type, fields }),
            Some(text) => {
                Err(OutputError::of_findings(format!("finding validation failed for {finding_type}: {text}")))
            }
        }
    }
}

/// What is wrong with the identifier of an assessment.
fn id(assessment: &Value) -> Option<&'static str> {
    let id = assessment["id"].as_str().unwrap_or_default();
    let lengths = id.split('-').map(str::len);
    let hexadecimal = id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    match id {
        "" => Some("value is empty, which is not a valid UUID"),
        _ if hexadecimal && lengths.eq([8, 4, 4, 4, 12]) => None,
        _ => Some("must be a valid UUID"),
    }
}

/// The finding as Go writes it, which lines and columns of errors are about.
fn written(object: &Map<String, Value>) -> Vec<u8> {
    fn write(value: &Value, sink: &mut Sink) {
        match value {
            Value::Object(object) => {
                let mut members: Vec<_> = object.iter().collect();
                members.sort_unstable_by_key(|(key, _)| key.as_bytes());
                sink.push(b"{");
                for (index, (key, value)) in members.into_iter().enumerate() {
                    if index > 0 {
                        sink.push(b",");
                    }
                    write_string(key, sink);
                    sink.push(b":");
                    write(value, sink);
                }
                sink.push(b"}");
            }
            Value::Array(items) => {
                sink.push(b"[");
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        sink.push(b",");
                    }
                    write(item, sink);
                }
                sink.push(b"]");
            }
            Value::String(text) => write_string(text, sink),
            Value::Number(number) => sink.push(float(number.as_f64().unwrap_or_default()).as_bytes()),
            other => sink.push(other.to_string().as_bytes()),
        }
    }
    let mut sink = Sink::default();
    write(&Value::Object(object.clone()), &mut sink);
    sink.into_bytes()
}

/// A number as Go writes one of 64 bits.
fn float(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        return if size >= 1e21 { text.replace('e', "e+") } else { text };
    }
    number.to_string()
}

/// The finding in a violation of the policy, if it has one, and what a log should say about it.
pub(super) fn typed(
    declared: Option<FindingType>,
    violation: &Violation,
    warnings: &mut Vec<String>,
) -> Result<Option<Finding>, OutputError> {
    let policy = &violation.subject;
    let mut warn = |text: String| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    match (declared, &violation.object) {
        (None, None) => Ok(None),
        (None, Some(_)) => {
            warn(format!(
                "policy returns structured violation objects but does not declare finding_type in metadata — finding data \
                 will be ignored policy={policy}"
            ));
            Ok(None)
        }
        (Some(declared), None) => {
            warn(format!(
                "policy declares finding_type \"{declared}\" but some violations are plain strings — structured finding \
                 data will not be available for those policy={policy}"
            ));
            Ok(None)
        }
        (Some(declared), Some(object)) => {
            let finding = Finding::of(declared, object);
            finding
                .map(Some)
                .map_err(|error| error.prefixed(&format!("policy \"{policy}\": structured violation validation: ")))
        }
    }
}

/// Whether the policy suppresses this violation.
pub(super) fn suppressed(violation: &Violation) -> bool {
    violation.object.as_ref().is_some_and(|object| object.get("suppress") == Some(&Value::Bool(true)))
}
