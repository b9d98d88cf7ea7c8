//! Comparing what came out with what the contract says.

use admit_host::Abi;
use admit_host::outcome::{Failure, Trace};
use admit_host::response::AdmissionResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::case::{Answer, Expect, Operation};
use super::run::{Who, kind};

/// What came out.
pub(super) struct Report {
    abi: Abi,
    who: Who,
    pub(super) response: Option<AdmissionResponse>,
    pub(super) settings: Option<Value>,
    pub(super) protocol_version: Option<String>,
    trace: Trace,
    failure: Option<Failure>,
    received: Vec<Answer>,
    said: Vec<String>,
}

impl Report {
    pub(super) fn new(abi: Abi, who: Who, trace: Trace, failure: Option<Failure>) -> Self {
        let (response, settings, protocol_version) = Default::default();
        Self { abi, who, response, settings, protocol_version, trace, failure, received: vec![], said: vec![] }
    }
}

/// Takes what the guest reported out of where it reported it.
pub(super) fn heard(mut report: Report) -> Report {
    let mut texts = Vec::new();
    if report.abi == Abi::Wasi && report.who == Who::HandWritten {
        let stderr = std::mem::take(&mut report.trace.stderr);
        let mut rest = Vec::new();
        for text in stderr.split_inclusive('\0') {
            match text.strip_suffix('\0') {
                Some(text) => texts.push(text.to_owned()),
                None => rest.push(text),
            }
        }
        report.trace.stderr = rest.concat();
    } else {
        report.trace.logs.retain(|record| {
            let reported = record.level == "info"
                && record.data == json!({})
                && (record.message.starts_with(['=', '+', '-'])
                    || (report.who == Who::Sdk && record.message.starts_with(['{', '[', '"'])));
            if reported {
                texts.push(record.message.clone());
            }
            !reported
        });
    }
    for text in texts {
        match text.split_at_checked(1) {
            Some(("+", answer)) => report.received.push(Answer::Ok(answer.to_owned())),
            Some(("-", error)) => report.received.push(Answer::Error { error: error.to_owned() }),
            Some(("=", said)) => report.said.push(said.to_owned()),
            _ => report.said.push(text),
        }
    }
    report
}

/// Compares; the error says everything that differs.
pub(super) fn check(expect: &Expect, operation: Operation, report: Report) -> Result<(), String> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, expected: &Value, actual: &Value| {
        let expected = &for_abi(expected, report.abi);
        if !matches(expected, actual) {
            differences.push(format!("{what}\n  expected {expected}\n  actual   {actual}"));
        }
    };
    let failure = report.failure.as_ref();
    if let Some(response) = &report.response {
        let mut actual = serde_json::to_value(response).expect("a response is JSON");
        if let Some(expected) = &expect.response_text {
            compare("response_text", &json!(expected), &json!(serde_json::to_string(response).expect("JSON")));
        }
        match &expect.response {
            Some(expected) => {
                if expected.get("patch").is_some_and(Value::is_array) {
                    actual["patch"] = decoded(&actual["patch"]);
                }
                compare("response", &completed(&for_abi(&Value::Object(expected.clone()), report.abi)), &actual);
            }
            None if expect.response_text.is_none() => compare("response.allowed", &json!(true), &actual["allowed"]),
            None => {}
        }
    }
    if let Some(settings) = &report.settings {
        let expected = expect.settings.clone().unwrap_or(json!({"valid": true}));
        compare("settings", &expected, settings);
    }
    if operation == Operation::ProtocolVersion {
        compare("protocol_version", &json!(expect.protocol_version), &json!(report.protocol_version));
    }
    if let Some(expected) = &expect.received {
        let ok = |text: &Value| if text.is_string() { json!({"ok": text}) } else { text.clone() };
        let expected: Vec<Value> = expected.iter().map(ok).collect();
        let actual: Vec<Value> = report.received.iter().map(answer).collect();
        let same = expected.len() == actual.len() && expected.iter().zip(&actual).all(|(e, a)| alike(e, a));
        if !same {
            compare("received", &json!(expected), &json!(actual));
        }
    }
    let said = match (report.who, &expect.said_with_sdk) {
        (Who::HandWritten, _) => expect.said.clone(),
        (Who::Sdk, Some(said)) => Some(said.clone()),
        // The SDK shows the request, not what is around it; and while settings are checked it shows nothing.
        (Who::Sdk, None) => expect
            .said
            .as_ref()
            .filter(|_| operation == Operation::Validate)
            .map(|texts| texts.iter().map(|text| inner(text)).collect()),
    };
    if let Some(said) = said {
        compare("said", &json!(said), &json!(report.said));
    }
    if let Some(expected) = &expect.logs {
        let actual: Vec<Value> = report
            .trace
            .logs
            .iter()
            .map(|record| json!({"level": record.level, "message": record.message, "data": record.data}))
            .collect();
        compare("logs", &json!(expected), &json!(actual));
    }
    if let Some(expected) = &expect.stdout {
        compare("stdout", &json!(expected), &json!(report.trace.stdout));
    }
    if let Some(expected) = &expect.stderr {
        compare("stderr", &json!(expected), &json!(report.trace.stderr));
    }
    if let Some(expected) = &expect.failure {
        compare("failure", &json!(expected), &json!(failure.map(kind)));
    }
    if differences.is_empty() {
        return Ok(());
    }
    if let Some(failure) = failure {
        differences.push(format!("the run failed: {failure}"));
    }
    Err(differences.join("\n"))
}

/// Compares an error's text: all of what is expected must be in it.
pub(super) fn text(key: &str, expected: Option<&str>, actual: &str) -> Result<(), String> {
    match expected {
        Some(expected) if actual.contains(expected) => Ok(()),
        Some(expected) => Err(format!("{key}\n  expected {expected:?}\n  actual   {actual:?}")),
        None => Err(format!("{key}: {actual}")),
    }
}

/// Equal; an expected `{starts_with: text}` stands for every text that starts like this.
pub(super) fn matches(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Object(fields), Value::String(text)) if fields.len() == 1 => {
            fields.get("starts_with").and_then(Value::as_str).is_some_and(|start| text.starts_with(start))
        }
        (Value::Object(fields), Value::Object(others)) => {
            fields.len() == others.len()
                && fields.iter().all(|(key, value)| others.get(key).is_some_and(|other| matches(value, other)))
        }
        (Value::Array(items), Value::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| matches(item, other))
        }
        _ => expected == actual,
    }
}

/// Where something differs between the ABIs, `{wapc: …, wasi: …}` stands for it.
fn for_abi(expected: &Value, abi: Abi) -> Value {
    match expected {
        Value::Object(fields) if fields.len() == 2 && fields.contains_key("wapc") && fields.contains_key("wasi") => {
            expected[abi.to_string()].clone()
        }
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), for_abi(value, abi))).collect())
        }
        Value::Array(items) => items.iter().map(|item| for_abi(item, abi)).collect(),
        other => other.clone(),
    }
}

/// Answers that are JSON are compared as such; of a list, the SDK's views keep the items alone.
fn alike(expected: &Value, actual: &Value) -> bool {
    let parsed = |value: &Value| value["ok"].as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    match (parsed(expected), parsed(actual)) {
        (Some(expected), Some(actual)) => {
            let items = actual.as_object().is_some_and(|fields| fields.len() == 1 && fields.contains_key("items"));
            expected == actual || (items && expected["items"] == actual["items"])
        }
        _ => matches(expected, actual),
    }
}

fn answer(answer: &Answer) -> Value {
    match answer {
        Answer::Ok(text) => json!({"ok": text}),
        Answer::Error { error } => json!({"error": error}),
    }
}

fn completed(expected: &Value) -> Value {
    let mut whole = json!({"uid": "u-1", "auditAnnotations": null, "warnings": null});
    for (key, value) in expected.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    whole
}

fn decoded(patch: &Value) -> Value {
    let bytes = patch.as_str().and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_else(|error| json!(format!("{patch} is no patch: {error}")))
}

/// What is in `{"request":…,"settings":…}`.
fn inner(payload: &str) -> String {
    let request = payload.strip_prefix(r#"{"request":"#).and_then(|rest| rest.rsplit_once(r#","settings":"#));
    request.map_or(payload, |(request, _)| request).to_owned()
}
