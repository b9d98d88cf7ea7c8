//! The fields of each type of findings.

use serde_json::{Number, Value};

use super::FindingType;

/// A field of a finding.
pub(super) struct Field {
    /// Name in results, and in most policies.
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) holds: Holds,
}

/// What a field may hold.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Holds {
    Text,
    Texts,
    /// A number from 0 to 10.
    Score,
    /// An integer of 32 bits.
    Integer,
    /// Any JSON: messages of Chainloop's own, which a policy passes on.
    Anything,
}

const fn required(name: &'static str) -> Field {
    Field { name, required: true, holds: Holds::Text }
}

const fn optional(name: &'static str, holds: Holds) -> Field {
    Field { name, required: false, holds }
}

const VULNERABILITY: &[Field] = &[
    required("message"),
    required("external_id"),
    required("package_purl"),
    required("severity"),
    optional("cvss_v3_score", Holds::Score),
    optional("cwes", Holds::Texts),
    optional("recommendation", Holds::Text),
    optional("description", Holds::Text),
    optional("fixed_version", Holds::Text),
    optional("assessment", Holds::Anything),
];

const SAST: &[Field] = &[
    required("message"),
    required("rule_id"),
    required("severity"),
    required("location"),
    optional("line_number", Holds::Integer),
    optional("code_snippet", Holds::Text),
    optional("recommendation", Holds::Text),
    optional("severity_score", Holds::Anything),
    optional("assessment", Holds::Anything),
];

const LICENSE_VIOLATION: &[Field] = &[
    required("message"),
    required("component_name"),
    optional("package_purl", Holds::Text),
    required("license_id"),
    optional("license_name", Holds::Text),
    optional("component_version", Holds::Text),
    optional("recommendation", Holds::Text),
    optional("assessment", Holds::Anything),
];

/// The fields of findings of this type, in the order of results.
pub(super) fn fields(finding_type: FindingType) -> &'static [Field] {
    match finding_type {
        FindingType::Vulnerability => VULNERABILITY,
        FindingType::Sast => SAST,
        FindingType::LicenseViolation => LICENSE_VIOLATION,
    }
}

impl Field {
    /// The other name that policies may use.
    pub(super) fn camel(&self) -> String {
        let mut parts = self.name.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |name, part| {
            let (head, tail) = part.split_at(part.len().min(1));
            name + head.to_ascii_uppercase().as_str() + tail
        })
    }
}

impl Holds {
    /// The value of a field; `None` for an empty string or array, and for 0. The error is the type that it should have.
    pub(super) fn read(self, given: &Value) -> Result<Option<Value>, &'static str> {
        match self {
            Self::Text => {
                let text = given.as_str().ok_or("a string")?;
                Ok((!text.is_empty()).then(|| text.into()))
            }
            Self::Texts => {
                let list =
                    given.as_array().filter(|list| list.iter().all(Value::is_string)).ok_or("an array of strings")?;
                Ok((!list.is_empty()).then(|| given.clone()))
            }
            Self::Score => {
                let number = number(given).ok_or("a number")?;
                let whole = number.fract() == 0.0 && number.abs() < 1e15;
                let value = if whole { Some(Number::from(number as i64)) } else { Number::from_f64(number) };
                Ok(value.filter(|_| number != 0.0).map(Value::Number))
            }
            Self::Integer => {
                let number = number(given).filter(|number| number.fract() == 0.0);
                let number = number.filter(|number| (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(number));
                let number = number.ok_or("an integer of 32 bits")?;
                Ok((number != 0.0).then(|| Value::from(number as i64)))
            }
            Self::Anything => Ok(Some(given.clone())),
        }
    }
}

/// A number, also one in quotes.
fn number(given: &Value) -> Option<f64> {
    let number = match given {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    };
    number.filter(|number| number.is_finite())
}
