//! What differs between expectation and outcome.

use serde_json::{Value, json};

use super::difference::Difference;
use super::{Expectation, TextMatch, Verdict, bridge::Bridged, partial};
use crate::input::as_sent;
use crate::limits::MAX_REMARKS;
use crate::outcome::{EvaluationOutcome, Failure, LeftOut, SettingsOutcome, SettingsVerdict};

const NOTHING: &str = "(none)";

/// Differences when the settings were refused or the policy failed on them; the request was not evaluated.
pub(super) fn settings(expect: &Expectation, outcome: &SettingsOutcome) -> Vec<Difference> {
    let (verdict, message) = match outcome.verdict() {
        SettingsVerdict::Valid => return Vec::new(),
        SettingsVerdict::Invalid(why) => (Verdict::InvalidSettings, why.map(str::to_owned)),
        SettingsVerdict::Failed(failure) if failure.is_of_the_host() => return unanswerable(expect.verdict, failure),
        SettingsVerdict::Failed(failure) => (Verdict::Error, Some(failure.to_string())),
    };
    ending(expect.verdict, expect.message.as_ref(), verdict, message.as_deref())
}

/// Differences of an evaluation.
pub(super) fn evaluation(expect: &Expectation, outcome: &EvaluationOutcome) -> Vec<Difference> {
    match &outcome.result {
        Err(failure) if failure.is_of_the_host() => return unanswerable(expect.verdict, failure),
        Err(failure) => {
            return ending(expect.verdict, expect.message.as_ref(), Verdict::Error, Some(&failure.to_string()));
        }
        Ok(_) => {}
    }
    // Kubewarden's response, not the policy's own words: it turns a mutation of nothing into a rejection.
    let response = &outcome.response;
    let verdict = if response.allowed { Verdict::Accept } else { Verdict::Reject };
    let status = response.status.as_ref();
    let mut differences =
        ending(expect.verdict, expect.message.as_ref(), verdict, status.and_then(|s| s.message.as_deref()));
    if verdict != expect.verdict {
        return differences;
    }
    let actual = status.and_then(|s| s.code);
    if actual != expect.code {
        let text = |code: Option<u16>| code.map_or(NOTHING.to_owned(), |code| code.to_string());
        differences.push(difference("code", text(expect.code), text(actual)));
    }
    warnings(&expect.warnings, response.warnings.as_deref().unwrap_or_default(), &mut differences);
    let actual = response.audit_annotations.clone().unwrap_or_default();
    values("audit_annotations", &json!(expect.audit_annotations), &json!(actual), &mut differences);
    let LeftOut { warnings, audit_annotations } = outcome.trace.left_out;
    for (field, left_out) in [("warnings", warnings), ("audit_annotations", audit_annotations)] {
        if left_out > 0 {
            let actual = format!("{left_out} more, which are too much to be kept");
            differences.push(difference(field, format!("at most {} KiB", MAX_REMARKS >> 10), actual));
        }
    }
    mutation(expect, outcome, &mut differences);
    differences
}

/// Differences of an admission policy's outcome on a material, which has only a verdict and a text.
pub(super) fn bridged(expect: &Expectation, bridged: &Bridged) -> Vec<Difference> {
    match &bridged.failure {
        Some(failure) if failure.is_of_the_host() => unanswerable(expect.verdict, failure),
        _ => ending(expect.verdict, expect.message.as_ref(), bridged.verdict, bridged.text().as_deref()),
    }
}

/// The case, or the machine, has too little for it, so nothing is known about the policy: not even an expected error passes.
pub(super) fn unanswerable(expected: Verdict, failure: &Failure) -> Vec<Difference> {
    vec![difference("verdict", expected, format!("none: {failure}"))]
}

pub(super) fn ending(
    expected: Verdict,
    expected_message: Option<&TextMatch>,
    verdict: Verdict,
    message: Option<&str>,
) -> Vec<Difference> {
    if verdict != expected {
        let actual = message.map_or(verdict.to_string(), |message| format!("{verdict}: {message}"));
        return vec![difference("verdict", expected, actual)];
    }
    match expected_message {
        Some(expected) if !expected.is_match(message.unwrap_or_default()) => {
            vec![difference("message", expected.missed_by(message.unwrap_or_default()), message.unwrap_or(NOTHING))]
        }
        _ => Vec::new(),
    }
}

fn warnings(expected: &[TextMatch], actual: &[String], differences: &mut Vec<Difference>) {
    texts("warnings", expected, actual, differences);
}

/// Compares two arrays of strings, one by one.
pub(super) fn texts(field: &str, expected: &[TextMatch], actual: &[String], differences: &mut Vec<Difference>) {
    for index in 0..expected.len().max(actual.len()) {
        let (expected, actual) = (expected.get(index), actual.get(index));
        if let (Some(expected), Some(actual)) = (expected, actual)
            && expected.is_match(actual)
        {
            continue;
        }
        let expected =
            expected.map_or(NOTHING.to_owned(), |expected| expected.missed_by(actual.map_or("", String::as_str)));
        differences.push(difference(&format!("{field}[{index}]"), expected, actual.map_or(NOTHING, String::as_str)));
    }
}

fn mutation(expect: &Expectation, outcome: &EvaluationOutcome, differences: &mut Vec<Difference>) {
    let patch = outcome.patch.as_ref().filter(|patch| !patch.0.is_empty());
    let actual = patch.map_or_else(|| json!([]), |patch| json!(patch));
    if !expect.has_mutation() {
        if patch.is_some() {
            differences.push(difference("patch", NOTHING, actual));
        }
        return;
    }
    if let Some(expected) = &expect.patch {
        list("patch", expected, &actual, differences);
    }
    if let Some(expected) = &expect.patch_contains {
        partial::patch("patch_contains", expected, &actual, differences);
    }
    type Compare = fn(&str, &Value, &Value, &mut Vec<Difference>);
    let objects: [(&str, &Option<Value>, Compare); 2] =
        [("object", &expect.object, values), ("object_contains", &expect.object_contains, partial::object)];
    let mutated = outcome.result.as_ref().ok().and_then(|answer| answer.mutated_object.as_ref());
    for (field, expected, compare) in objects {
        match (expected, mutated.filter(|_| patch.is_some())) {
            (None, _) => {}
            (Some(expected), Some(mutated)) => compare(field, expected, mutated, differences),
            (Some(_), None) => differences.push(difference(field, "a mutation", "the object was left as it is")),
        }
    }
}

/// Compares two arrays item by item, with numbers as API servers write them.
fn list(field: &str, expected: &Value, actual: &Value, differences: &mut Vec<Difference>) {
    let items = |value: &Value| as_sent(value).as_array().cloned();
    let (expected, actual) = (items(expected), items(actual));
    let (expected, actual) = (expected.unwrap_or_default(), actual.unwrap_or_default());
    for index in 0..expected.len().max(actual.len()) {
        let (expected, actual) = (expected.get(index), actual.get(index));
        if expected != actual {
            let text = |value: Option<&Value>| value.map_or(NOTHING.to_owned(), Value::to_string);
            differences.push(difference(&format!("{field}[{index}]"), text(expected), text(actual)));
        }
    }
}

/// Compares two documents, with numbers as API servers write them, and names the parts that differ.
fn values(field: &str, expected: &Value, actual: &Value, differences: &mut Vec<Difference>) {
    use json_patch::PatchOperation;
    let (expected, actual) = (as_sent(expected), as_sent(actual));
    for operation in json_patch::diff(&expected, &actual).0 {
        let path = operation.path().to_string();
        let at_path = || expected.pointer(&path).map_or(NOTHING.to_owned(), Value::to_string);
        let (was, is) = match &operation {
            PatchOperation::Add(add) => (NOTHING.to_owned(), add.value.to_string()),
            PatchOperation::Replace(replace) => (at_path(), replace.value.to_string()),
            _ => (at_path(), NOTHING.to_owned()),
        };
        differences.push(difference(&format!("{field}{path}"), was, is));
    }
}

pub(super) fn difference(field: &str, expected: impl ToString, actual: impl ToString) -> Difference {
    Difference::new(field, expected, actual)
}
