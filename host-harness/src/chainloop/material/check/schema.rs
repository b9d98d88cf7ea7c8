//! JSON Schemas, and what Chainloop says of a document that does not fit one.

use std::error::Error;

use boon::{Compiler, ErrorKind, Format, Schemas, ValidationError};
use serde_json::Value;

use super::super::super::go::{Url, quoted};

/// A schema that Chainloop checks documents against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schema {
    /// Its URL, which errors repeat.
    url: &'static str,
    text: &'static str,
    /// Those that it refers to.
    others: &'static [(&'static str, &'static str)],
}

macro_rules! schemas {
    ($($name:ident $url:literal $file:literal [$($other_url:literal $other:literal),*])*) => {
        $(pub(super) const $name: Schema = Schema {
            url: $url,
            text: include_str!(concat!("schemas/", $file, ".json")),
            others: &[$(($other_url, include_str!(concat!("schemas/", $other, ".json")))),*],
        };)*

        #[cfg(test)]
        pub(super) const ALL: &[Schema] = &[$($name),*];
    };
}

schemas! {
    CYCLONEDX "http://cyclonedx.org/schema/bom-1.6.schema.json" "cyclonedx-1.6" [
        "http://cyclonedx.org/schema/jsf-0.82.schema.json" "cyclonedx-jsf",
        "http://cyclonedx.org/schema/spdx.schema.json" "cyclonedx-licenses"
    ]
    CSAF_2_0 "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json" "csaf-2.0" [
        "https://www.first.org/cvss/cvss-v2.0.json" "cvss-2.0",
        "https://www.first.org/cvss/cvss-v3.0.json" "cvss-3.0",
        "https://www.first.org/cvss/cvss-v3.1.json" "cvss-3.1"
    ]
    OPENAPI_3_2 "https://spec.openapis.org/oas/3.2/schema/2025-02-13" "openapi-3.2" []
    OPENAPI_3_1 "https://spec.openapis.org/oas/3.1/schema/2022-10-07" "openapi-3.1" []
    OPENAPI_3_0 "https://spec.openapis.org/oas/3.0/schema/2021-09-28" "openapi-3.0" []
    OPENAPI_2_0 "http://swagger.io/v2/schema.json" "openapi-2.0" []
    ASYNCAPI_3_0 "https://chainloop.dev/schemas/asyncapi/3.0.0.json" "asyncapi-3.0.0" []
    ASYNCAPI_2_6 "https://chainloop.dev/schemas/asyncapi/2.6.0.json" "asyncapi-2.6.0" []
    SCORECARD "https://chainloop.dev/schemas/scorecard/v2.json" "scorecard-2" []
    RUNNER_CONTEXT "https://chainloop.dev/schemas/runner-context-response-0.1.schema.json" "runner-context-0.1" []
    PR_INFO "https://schemas.chainloop.dev/prinfo/1.3/pr-info.schema.json" "pr-info-1.3" []
    AI_AGENT_CONFIG "https://schemas.chainloop.dev/aiagentconfig/0.1/ai-agent-config.schema.json" "ai-agent-config-0.1" []
    AI_CODING_SESSION "https://schemas.chainloop.dev/aicodingsession/0.1/ai-coding-session.schema.json" "ai-coding-session-0.1" []
}

/// Why a document does not fit a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    /// In Chainloop's words.
    pub(super) words: String,
    /// The JSON pointer of the value that is wrong.
    pub(super) pointer: String,
    /// In few words.
    pub(super) what: String,
    /// Whether Chainloop takes the document all the same.
    pub(super) forgiven: bool,
}

impl Schema {
    /// Whether a document fits. `forgiven` says which of the complaints make all of them count for nothing.
    pub(super) fn check(
        self,
        document: &Value,
        forgiven: fn(&ValidationError<'_, '_>) -> bool,
    ) -> Result<(), Box<Unfit>> {
        let text: Value = serde_json::from_str(self.text).expect("the schemas are JSON");
        self.check_with(text, document, forgiven)
    }

    /// As [`check`](Self::check), with the schema itself changed by `change`, and under another URL.
    pub(super) fn changed(self, url: &'static str, change: fn(&mut Value), document: &Value) -> Result<(), Box<Unfit>> {
        let mut text: Value = serde_json::from_str(self.text).expect("the schemas are JSON");
        change(&mut text);
        Self { url, ..self }.check_with(text, document, |_| false)
    }

    fn check_with(
        self,
        text: Value,
        document: &Value,
        forgiven: fn(&ValidationError<'_, '_>) -> bool,
    ) -> Result<(), Box<Unfit>> {
        let mut compiler = Compiler::new();
        for (name, func) in FORMATS {
            compiler.register_format(Format { name, func });
        }
        for (url, text) in self.others {
            let other: Value = serde_json::from_str(text).expect("the schemas are JSON");
            compiler.add_resource(url, other).expect("the URLs are valid");
        }
        compiler.add_resource(self.url, text.clone()).expect("the URLs are valid");
        let mut schemas = Schemas::new();
        let index = compiler.compile(self.url, &mut schemas).expect("the schemas are valid");
        schemas
            .validate(document, index)
            .map_err(|error| Box::new(unfit(self.url, &text, document, &error, forgiven(&error))))
    }
}

/// Whether a value is of a format.
type Check = fn(&Value) -> Result<(), Box<dyn Error>>;

/// Formats as the validator of Chainloop knows them: URIs as Go parses them, and none for international names.
const FORMATS: [(&str, Check); 6] = [
    ("uri", absolute),
    ("iri", absolute),
    ("uri-reference", reference),
    ("iri-reference", reference),
    ("idn-email", anything),
    ("idn-hostname", anything),
];

fn absolute(value: &Value) -> Result<(), Box<dyn Error>> {
    match value.as_str().map(Url::parse) {
        None | Some(Some(Url { absolute: true })) => Ok(()),
        Some(_) => Err("it is no absolute URI".into()),
    }
}

fn reference(value: &Value) -> Result<(), Box<dyn Error>> {
    match value.as_str() {
        Some(text) if Url::parse(text).is_none() || text.contains('\\') => Err("it is no URI".into()),
        _ => Ok(()),
    }
}

fn anything(_: &Value) -> Result<(), Box<dyn Error>> {
    Ok(())
}

/// How many values are too many to be listed in few words.
const MANY: usize = 20;

/// The first complaint at the end of the tree of complaints, which is the one that is told.
fn unfit(url: &str, schema: &Value, document: &Value, error: &ValidationError<'_, '_>, forgiven: bool) -> Unfit {
    // Where a reference leads to one complaint only, the list has no entry for the reference.
    let listed = |error: &ValidationError<'_, '_>| {
        let reference = matches!(error.kind, ErrorKind::Reference { .. }) && error.causes.len() == 1;
        !reference && !matches!(error.kind, ErrorKind::Schema { .. })
    };
    let (mut leaf, mut index) = (error, 0);
    while let Some(first) = leaf.causes.first() {
        index += usize::from(listed(leaf));
        leaf = first;
    }
    let keyword = match error.basic_output().error {
        boon::OutputError::Branch(units) => units.get(index).map(|unit| unit.keyword_location.clone()),
        boon::OutputError::Leaf(_) => None,
    };
    let keyword = keyword.unwrap_or_default();
    // The validators do not have the same name for this one.
    let keyword = match keyword.strip_suffix("/additionalProperty") {
        Some(before) => format!("{before}/additionalProperties"),
        None => keyword,
    };
    let keyword: Vec<String> = keyword.split('/').map(path_escaped).collect();
    let keyword = keyword.join("/");
    let pointer = leaf.instance_location.to_string();
    // As it is written: the validator has patterns in another dialect, and types in another order.
    let place = leaf.schema_url.strip_prefix(url).and_then(|rest| rest.strip_prefix('#')).unwrap_or_default();
    let written = schema.pointer(place);
    let said = match (&leaf.kind, written) {
        (ErrorKind::Pattern { want, .. }, written) => {
            let written = written.and_then(|schema| schema["pattern"].as_str());
            format!("does not match pattern {}", quote(written.unwrap_or(want)))
        }
        (ErrorKind::Type { got, .. }, Some(Value::Object(schema)))
            if schema.get("type").is_some_and(Value::is_array) =>
        {
            let names = schema["type"].as_array().into_iter().flatten().filter_map(Value::as_str);
            format!("expected {}, but got {got}", names.collect::<Vec<_>>().join(" or "))
        }
        (kind, _) => in_words(kind),
    };
    let what = match &leaf.kind {
        ErrorKind::Enum { want } if want.len() > MANY => {
            let found = document.pointer(&pointer).map(ToString::to_string).unwrap_or_default();
            format!("{found} is none of the {} values that it may be", want.len())
        }
        _ => said.clone(),
    };
    let words = format!("jsonschema: {} does not validate with {url}#{keyword}: {said}", quote(&pointer));
    Unfit { words, pointer, what, forgiven }
}

/// A complaint in the words of Chainloop's validator.
fn in_words(kind: &ErrorKind<'_, '_>) -> String {
    let list = |names: &mut dyn Iterator<Item = &str>| names.map(quote).collect::<Vec<_>>().join(", ");
    match kind {
        ErrorKind::Required { want } => format!("missing properties: {}", list(&mut want.iter().copied())),
        ErrorKind::AdditionalProperties { got } => {
            format!("additionalProperties {} not allowed", list(&mut got.iter().map(AsRef::as_ref)))
        }
        ErrorKind::Type { got, want } => {
            let want: Vec<String> = want.iter().map(|kind| kind.to_string()).collect();
            format!("expected {}, but got {got}", want.join(" or "))
        }
        ErrorKind::Enum { want }
            if want.len() > 1 && want.iter().all(|value| !value.is_object() && !value.is_array()) =>
        {
            let want: Vec<String> = want.iter().map(ToString::to_string).collect();
            format!("value must be one of {}", want.join(", "))
        }
        ErrorKind::Enum { want } if want.len() == 1 => format!("value must be {}", want[0]),
        ErrorKind::Const { want } => format!("value must be {want}"),
        ErrorKind::Format { got, want, .. } => format!("{got} is not valid {}", quote(want)),
        ErrorKind::MinLength { got, want } => format!("length must be >= {want}, but got {got}"),
        ErrorKind::MaxLength { got, want } => format!("length must be <= {want}, but got {got}"),
        ErrorKind::MinItems { got, want } => format!("minimum {want} items required, but found {got} items"),
        ErrorKind::MaxItems { got, want } => format!("maximum {want} items required, but found {got} items"),
        ErrorKind::UniqueItems { got: [first, second] } => format!("items at index {first} and {second} are equal"),
        ErrorKind::MinProperties { got, want } => {
            format!("minimum {want} properties allowed, but found {got} properties")
        }
        ErrorKind::MaxProperties { got, want } => {
            format!("maximum {want} properties allowed, but found {got} properties")
        }
        ErrorKind::Minimum { got, want } => format!("must be >= {want} but found {got}"),
        ErrorKind::Maximum { got, want } => format!("must be <= {want} but found {got}"),
        ErrorKind::ExclusiveMinimum { got, want } => format!("must be > {want} but found {got}"),
        ErrorKind::ExclusiveMaximum { got, want } => format!("must be < {want} but found {got}"),
        ErrorKind::OneOf(Some((first, second))) => format!("valid against schemas at indexes {first} and {second}"),
        ErrorKind::OneOf(None) => "oneOf failed".to_owned(),
        ErrorKind::AnyOf => "anyOf failed".to_owned(),
        ErrorKind::AllOf => "allOf failed".to_owned(),
        ErrorKind::Not => "not failed".to_owned(),
        ErrorKind::FalseSchema => "not allowed".to_owned(),
        other => other.to_string(),
    }
}

/// A part of a path, as Go writes it in a URL.
fn path_escaped(part: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~$&+=:@".contains(&byte);
    part.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A text in single quotes, escaped as Go does.
fn quote(text: &str) -> String {
    let escaped = quoted(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &escaped[1..escaped.len() - 1])
}
