//! The expectation that an answer is.

use serde_json::{Map, Value, json};

use super::{super::bridge::Bridged, Case, Ended, Subject, whole};
use crate::{
    case::{
        Expectation, MaterialExpectation, TextMatch, Verdict, calls, expect::MUTATION, material as materials, partial,
    },
    chainloop::MaterialOutcome,
    input::as_sent,
    outcome::{EvaluationOutcome, SettingsOutcome, SettingsVerdict, Trace},
};

/// A patch of more operations than this is written as the object that it makes.
const MAX_OPERATIONS: usize = 8;

/// What `expect` says when it says what was seen: as it was where that is still right, so that `contains` and `matches` stay.
///
/// # Errors
///
/// Why an answer is none that can be expected.
pub(super) fn expectation(case: &Case, old: Option<&Value>, answer: &Ended) -> Result<Value, String> {
    let mut expect = whole(old);
    if let Some(failure) = answer.failure() {
        return Err(format!("the policy gave no answer, which is never blessed: {}", failure.reason()));
    }
    let (verdict, text) = answer.verdict();
    if verdict == Verdict::Error {
        let text = text.unwrap_or_default();
        return Err(format!("the policy gave no answer, which is never blessed: {text}"));
    }
    if expect.get("verdict") != Some(&json!(verdict.to_string())) {
        let calls = expect.remove("host_calls");
        expect = Map::from_iter([("verdict".to_owned(), json!(verdict.to_string()))]);
        expect.extend(calls.map(|calls| ("host_calls".to_owned(), calls)));
        let of_text = match verdict {
            Verdict::Accept | Verdict::Reject | Verdict::InvalidSettings => Some("message"),
            Verdict::Skip => Some("skip_reason"),
            _ => None,
        };
        if let (Some(key), Some(text)) = (of_text, text) {
            set(&mut expect, key, Some(json!(text)));
        }
    }
    match (&case.subject, answer) {
        (Subject::Admission(subject), Ended::Request(outcome)) => {
            request(&mut expect, &subject.expect, outcome);
            host_calls(&mut expect, subject.expect.host_calls.is_some(), case, &outcome.trace);
        }
        (Subject::Admission(subject), Ended::Settings(outcome)) => settings(&mut expect, &subject.expect, outcome),
        (Subject::Admission(subject), Ended::Bridged(bridged)) => of_material(&mut expect, &subject.expect, bridged),
        (Subject::Material(subject), Ended::Material(outcome)) => {
            material(&mut expect, &subject.expect, outcome);
            let trace = materials::trace(outcome.clone());
            host_calls(&mut expect, subject.expect.host_calls.is_some(), case, &trace);
        }
        _ => {}
    }
    let only_verdict = expect.len() == 1 && !old.is_some_and(Value::is_object);
    Ok(match expect.get("verdict") {
        Some(verdict) if only_verdict => verdict.clone(),
        _ => as_sent(&Value::Object(expect)),
    })
}

fn set(expect: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(expect.insert(key.to_owned(), value)),
        None => drop(expect.remove(key)),
    }
}

/// A text that is expected, and is another one.
fn text(expect: &mut Map<String, Value>, key: &str, expected: Option<&TextMatch>, seen: Option<&str>) {
    if expect.contains_key(key) && expected.is_some_and(|expected| !expected.is_match(seen.unwrap_or_default())) {
        set(expect, key, seen.map(|seen| json!(seen)));
    }
}

/// Texts, each as it was where it fits.
fn texts(expect: &mut Map<String, Value>, key: &str, expected: &[TextMatch], seen: &[String]) {
    let same =
        expected.len() == seen.len() && expected.iter().zip(seen).all(|(expected, seen)| expected.is_match(seen));
    if same {
        return;
    }
    let old = expect.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let written = seen.iter().enumerate().map(|(index, seen)| match (expected.get(index), old.get(index)) {
        (Some(expected), Some(old)) if expected.is_match(seen) => old.clone(),
        _ => json!(seen),
    });
    let written: Vec<Value> = written.collect();
    set(expect, key, (!written.is_empty()).then_some(Value::Array(written)));
}

fn request(expect: &mut Map<String, Value>, expected: &Expectation, outcome: &EvaluationOutcome) {
    let status = outcome.response.status.as_ref();
    text(expect, "message", expected.message.as_ref(), status.and_then(|status| status.message.as_deref()));
    set(expect, "code", status.and_then(|status| status.code).map(|code| json!(code)));
    texts(expect, "warnings", &expected.warnings, outcome.response.warnings.as_deref().unwrap_or_default());
    let annotations = outcome.response.audit_annotations.as_ref().filter(|annotations| !annotations.is_empty());
    set(expect, "audit_annotations", annotations.map(|annotations| json!(annotations)));
    let patch = outcome.patch.as_ref().filter(|patch| !patch.0.is_empty());
    let Some(patch) = patch else {
        MUTATION.iter().for_each(|key| set(expect, key, None));
        return;
    };
    let mutated = outcome.result.as_ref().ok().and_then(|answer| answer.mutated_object.clone());
    if let (Some(part), Some(mutated)) = (expect.get("object_contains").cloned(), &mutated) {
        let seen = partial::seen_of_object(&part, mutated);
        set(expect, "object_contains", seen.as_object().is_some_and(|seen| !seen.is_empty()).then_some(seen));
    }
    if let Some(part) = expect.get("patch_contains").cloned() {
        let seen = partial::seen_of_patch(&part, &json!(patch));
        set(expect, "patch_contains", (!seen.is_empty()).then_some(Value::Array(seen)));
    }
    if ["object_contains", "patch_contains"].iter().any(|key| expect.contains_key(*key)) {
        return;
    }
    let (mut as_patch, mut as_object) = (expect.contains_key("patch"), expect.contains_key("object"));
    if !as_patch && !as_object {
        as_patch = patch.0.len() <= MAX_OPERATIONS;
        as_object = !as_patch;
    }
    if as_patch {
        set(expect, "patch", Some(json!(patch)));
    }
    if as_object {
        set(expect, "object", mutated);
    }
}

fn settings(expect: &mut Map<String, Value>, expected: &Expectation, outcome: &SettingsOutcome) {
    if let SettingsVerdict::Invalid(why) = outcome.verdict() {
        text(expect, "message", expected.message.as_ref(), why);
    }
}

fn of_material(expect: &mut Map<String, Value>, expected: &Expectation, bridged: &Bridged) {
    text(expect, "message", expected.message.as_ref(), bridged.text().as_deref());
}

fn material(expect: &mut Map<String, Value>, expected: &MaterialExpectation, outcome: &MaterialOutcome) {
    let Ok(result) = &outcome.result else { return };
    text(expect, "skip_reason", expected.skip_reason.as_ref(), Some(&result.skip_reasons.join("; ")));
    texts(expect, "warnings", &expected.warnings, &outcome.warnings);
    let violations: Vec<String> = result.violations.iter().map(|violation| violation.message.clone()).collect();
    match &expected.violations {
        Some(expected) if expect.contains_key("violations") => texts(expect, "violations", expected, &violations),
        _ if !violations.is_empty() && !expect.contains_key("findings") && expected.verdict != Verdict::Fail => {
            set(expect, "violations", Some(json!(violations)));
        }
        _ => {}
    }
    if let Some(expected) = &expected.findings {
        let seen = materials::findings_of(result);
        let same = expected.len() == seen.len()
            && expected.iter().zip(&seen).all(|(expected, seen)| calls::contains(seen, expected));
        if !same {
            set(expect, "findings", Some(Value::Array(seen)));
        }
    }
}

fn host_calls(expect: &mut Map<String, Value>, expected: bool, case: &Case, trace: &Trace) {
    let mut differences = Vec::new();
    if let Some(calls) = case.expected_calls().filter(|_| expected) {
        calls::compare(calls, trace, &mut differences);
    }
    if !differences.is_empty() {
        let seen = trace.host_calls.iter().map(|call| format!("{}/{}", call.namespace, call.operation));
        set(expect, "host_calls", Some(seen.collect()));
    }
}
