//! Findings: violations that tools can read.

mod schema;

use std::fmt;

use serde_json::{Map, Value};

use self::schema::Holds;
use super::output::{OutputError, Violation};

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
    /// Everything that is missing or out of range, or the first field of a wrong type.
    pub fn of(finding_type: FindingType, object: &Map<String, Value>) -> Result<Self, OutputError> {
        let schema = schema::fields(finding_type);
        let mut fields = Vec::new();
        for field in schema {
            let camel = field.camel();
            let given = object.get(field.name).or_else(|| object.get(camel.as_str()));
            let Some(given) = given.filter(|given| !given.is_null()) else { continue };
            let value = field.holds.read(given).map_err(|expected| {
                let shown = shown(given);
                OutputError(format!(
                    "finding does not match {finding_type} schema: field {}: must be {expected}, found {shown}",
                    field.name
                ))
            })?;
            fields.extend(value.map(|value| (field.name, value)));
        }
        let value = |name| fields.iter().find(|(found, _)| *found == name).map(|(_, value)| value);
        let mut wrong = Vec::new();
        for field in schema {
            let found = value(field.name);
            if field.required && found.is_none() {
                wrong.push(format!("{}: value is required", field.name));
            }
            let outside = |number: &Value| number.as_f64().is_some_and(|number| !(0.0..=10.0).contains(&number));
            if field.holds == Holds::Score && found.is_some_and(outside) {
                let range = "value must be greater than or equal to 0 and less than or equal to 10";
                wrong.push(format!("{}: {range}", field.name));
            }
        }
        let list = match wrong.as_slice() {
            [] => return Ok(Self { finding_type, fields }),
            [only] => format!(" {only}"),
            several => several.iter().map(|one| format!("\n - {one}")).collect(),
        };
        Err(OutputError(format!("finding validation failed for {finding_type}: validation error:{list}")))
    }
}

/// The finding in a violation of the policy, if it has one. Adds warnings for a log.
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
                "policy \"{policy}\" gives structured findings but declares no finding_type; only their messages are kept"
            ));
            Ok(None)
        }
        (Some(declared), None) => {
            warn(format!(
                "policy \"{policy}\" declares finding_type {declared} but gives violations that are only texts; they are kept as texts"
            ));
            Ok(None)
        }
        (Some(declared), Some(object)) => {
            let finding = Finding::of(declared, object);
            finding.map(Some).map_err(|error| OutputError(format!("finding in policy \"{policy}\": {error}")))
        }
    }
}

/// Whether the policy suppresses this violation.
pub(super) fn suppressed(violation: &Violation) -> bool {
    violation.object.as_ref().is_some_and(|object| object.get("suppress") == Some(&Value::Bool(true)))
}

/// A value, short enough for a message.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 { text } else { text.chars().take(60).chain("…".chars()).collect() }
}
