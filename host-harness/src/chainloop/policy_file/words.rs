//! What Chainloop says about the text of a policy file.

use serde_json::Value;

use super::super::findings::FindingType;
use super::super::json::{Json, Sink};
use super::super::kind::Kind;
use super::super::proto::{self, Field, Message, Unknown, Value as Proto, camel};
use super::rules::{self, PHASES, UNSPECIFIED, VERSIONS};
use crate::input::{Document, Format};

const METADATA: Message = Message {
    fields: &[
        Field::one("name", Proto::String),
        Field::one("description", Proto::String),
        Field::strings("annotations"),
        Field::one("organization", Proto::String),
        Field::one("finding_type", Proto::String),
    ],
};

const AUTO_MATCH: Message = Message {
    fields: &[
        Field::either("path", "workflowcontract.v1.AutoMatch.source"),
        Field::either("embedded", "workflowcontract.v1.AutoMatch.source"),
        Field::either("ref", "workflowcontract.v1.AutoMatch.source"),
    ],
};

const KIND: Proto = Proto::Enum(&[&[UNSPECIFIED], Kind::NAMES]);

const SCRIPT: Message = Message {
    fields: &[
        Field::either("path", "workflowcontract.v1.PolicySpecV2.source"),
        Field::either("embedded", "workflowcontract.v1.PolicySpecV2.source"),
        Field::either("ref", "workflowcontract.v1.PolicySpecV2.source"),
        Field::one("kind", KIND),
        Field::many("attestation_phases", Proto::Enum(&[PHASES])),
    ],
};

const INPUT: Message = Message {
    fields: &[
        Field::one("name", Proto::String),
        Field::one("description", Proto::String),
        Field::one("required", Proto::Bool),
        Field::one("default", Proto::String),
    ],
};

const SPEC: Message = Message {
    fields: &[
        Field::either("path", "workflowcontract.v1.PolicySpec.source"),
        Field::either("embedded", "workflowcontract.v1.PolicySpec.source"),
        Field::one("type", KIND),
        Field::many("policies", Proto::Message(&SCRIPT)),
        Field::many("inputs", Proto::Message(&INPUT)),
        Field::one("auto_match", Proto::Message(&AUTO_MATCH)),
    ],
};

const POLICY: Message = Message {
    fields: &[
        Field::one("api_version", Proto::String),
        Field::one("kind", Proto::String),
        Field::one("metadata", Proto::Message(&METADATA)),
        Field::one("spec", Proto::Message(&SPEC)),
    ],
};

/// Why Chainloop cannot read the document as a policy: the first thing that is wrong with its shape.
///
/// A file in YAML is made JSON before it is read, in one line and in the order of the keys, and lines and columns are those
/// of that.
pub(super) fn unreadable(document: &Document, text: &[u8]) -> Option<String> {
    let made;
    let text = match document.format() {
        Format::Json => text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text),
        Format::Yaml | Format::Toml => {
            let value = document.value().to_string();
            let json = Json::document(value.as_bytes()).ok()?;
            let mut sink = Sink::default();
            json.write(json.start(), &mut sink);
            made = sink.into_bytes();
            &made
        }
    };
    // What is no JSON is told elsewhere.
    let json = Json::document(text).ok()?;
    proto::check(&json, &POLICY, Unknown::Refused).err()
}

/// The rules that a policy of the right shape breaks, all of them, in Chainloop's words and order.
pub(super) fn broken(policy: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let mut rule = |holds: bool, text: String| {
        if !holds {
            broken.push(text);
        }
    };
    let version = text(policy, "api_version");
    rule(VERSIONS.contains(&version), format!("api_version: must be in list [{}]", VERSIONS.join(", ")));
    rule(text(policy, "kind") == "Policy", "kind: must equal `Policy`".to_owned());
    match field(policy, "metadata") {
        None => rule(false, "metadata: value is required".to_owned()),
        Some(metadata) => {
            rule(rules::is_policy_name(text(metadata, "name")), format!("metadata.name: {NAME}"));
            let types: Vec<_> = FindingType::ALL.iter().map(|known| known.name()).collect();
            let given = field(metadata, "finding_type").and_then(Value::as_str);
            let fits = given.is_none_or(|given| types.contains(&given));
            rule(fits, format!("metadata.finding_type: must be in list [{}]", types.join(", ")));
        }
    }
    let Some(spec) = field(policy, "spec") else {
        rule(false, "spec: value is required".to_owned());
        return broken;
    };
    let given = |object: &Value, keys: &[&str]| keys.iter().any(|key| field(object, key).is_some());
    let list = |key: &str| field(spec, key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let source = "either spec source or policies fields must be provided";
    rule(given(spec, &["path", "embedded"]) || !list("policies").is_empty(), format!("spec: {source}"));
    let refused = ["STRING", "ARTIFACT", "EVIDENCE"].contains(&text(spec, "type"));
    rule(!refused, "spec.type: must not be in list [1, 3, 11]".to_owned());
    let sources = ["path", "embedded", "ref"];
    for (index, script) in list("policies").iter().enumerate() {
        rule(given(script, &sources), format!("spec.policies[{index}].source: {ONE}"));
        let refused = text(script, "kind") == "ARTIFACT";
        rule(!refused, format!("spec.policies[{index}].kind: must not be in list [3]"));
    }
    for (index, input) in list("inputs").iter().enumerate() {
        rule(rules::is_input_name(text(input, "name")), format!("spec.inputs[{index}].name: {NAME}"));
    }
    if let Some(auto_match) = field(spec, "auto_match") {
        rule(given(auto_match, &sources), format!("spec.auto_match.source: {ONE}"));
    }
    broken
}

/// Chainloop says the same of both kinds of names.
const NAME: &str = "must contain only lowercase letters, numbers, and hyphens.";

const ONE: &str = "exactly one field is required in oneof";

/// The value of a field, under either of its names.
fn field<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let either = object.get(name).filter(|value| !value.is_null());
    either.or_else(|| object.get(camel(name))).filter(|value| !value.is_null())
}

fn text<'v>(object: &'v Value, name: &str) -> &'v str {
    field(object, name).and_then(Value::as_str).unwrap_or_default()
}
