//! Two answers to one request.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::answer::{Answer, Call, Verdict};
use super::change::Change;
use super::mask::{masked, shortened};
use super::subject::Subject;

/// How two answers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) change: Change,
    /// What requests with the same difference have in common: before, and now.
    pub(super) group: (String, String),
    /// What it was for this request, and what it is.
    pub(super) was: String,
    pub(super) is: String,
    /// The texts that a pattern for messages has to fit, all of them.
    pub(super) texts: Vec<String>,
}

/// All differences; of a verdict, where it changed, and then no others.
pub(super) fn differences(old: &Answer, new: &Answer, base: Option<&Value>, subject: &Subject) -> Vec<Difference> {
    let texts = |change, was: &str, is: &str| of_texts(change, was, is, subject);
    let mut found = Vec::new();
    match (&old.verdict, &new.verdict) {
        (Verdict::Accepted(_), Verdict::Rejected { message, .. }) => {
            return vec![texts(Change::AcceptToReject, "", message)];
        }
        (Verdict::Accepted(_), Verdict::Failed(why)) => return vec![texts(Change::AcceptToError, "", why)],
        (Verdict::Rejected { message, .. }, Verdict::Failed(why)) => {
            return vec![texts(Change::RejectToError, message, why)];
        }
        (Verdict::Rejected { message, .. }, Verdict::Accepted(_)) => {
            return vec![texts(Change::RejectToAccept, message, "")];
        }
        (Verdict::Failed(why), Verdict::Accepted(_)) => return vec![texts(Change::ErrorToAccept, why, "")],
        (Verdict::Failed(why), Verdict::Rejected { message, .. }) => {
            return vec![texts(Change::ErrorToReject, why, message)];
        }
        (Verdict::Failed(was), Verdict::Failed(is)) => {
            return (was != is).then(|| texts(Change::Error, was, is)).into_iter().collect();
        }
        (Verdict::Accepted(was), Verdict::Accepted(is)) => {
            found.extend(mutation(base, was.as_ref(), is.as_ref()));
        }
        (Verdict::Rejected { message: was, code: old }, Verdict::Rejected { message: is, code: new }) => {
            if was != is {
                found.push(texts(Change::Message, was, is));
            }
            if old != new {
                let word = |code: &Option<u16>| code.map_or("none".to_owned(), |code| code.to_string());
                found.push(as_it_is(Change::Code, word(old), word(new)));
            }
        }
    }
    found.extend(warnings(&old.warnings, &new.warnings, subject));
    found.extend(host_calls(&old.host_calls, &new.host_calls));
    found.extend(audit_annotations(&old.audit_annotations, &new.audit_annotations));
    found
}

/// A change from one text to another, where one of them may be none.
fn of_texts(change: Change, was: &str, is: &str, subject: &Subject) -> Difference {
    let mut group = (masked(was, subject), masked(is, subject));
    if group.0 == group.1 {
        // They differ in what is masked.
        group = (shortened(was), shortened(is));
    }
    let text = if is.is_empty() { was } else { is };
    Difference { change, group, was: shortened(was), is: shortened(is), texts: vec![text.to_owned()] }
}

/// A change whose texts are the same for every request.
fn as_it_is(change: Change, was: String, is: String) -> Difference {
    let texts = vec![is.clone()];
    Difference { change, group: (was.clone(), is.clone()), was, is, texts }
}

/// Most places of a mutation that a report names.
const MAX_PLACES: usize = 6;

/// How the objects differ that are stored. They are compared, not the patches: several patches give one object.
fn mutation(base: Option<&Value>, was: Option<&Value>, is: Option<&Value>) -> Option<Difference> {
    let unchanged = Value::Null;
    let base = base.unwrap_or(&unchanged);
    let (old, new) = (was.unwrap_or(base), is.unwrap_or(base));
    if old == new {
        return None;
    }
    let steps = json_patch::diff(old, new).0;
    let shown = |from: &Value| {
        let shown: Vec<String> = steps.iter().take(MAX_PLACES).map(|step| place(step, from)).collect();
        shortened(&more(shown, steps.len(), "; "))
    };
    let mut places: Vec<String> = steps.iter().map(|step| indices_masked(step.path().as_ref())).collect();
    places.dedup();
    let count = places.len();
    places.truncate(MAX_PLACES);
    Some(Difference {
        change: Change::Mutation,
        group: (String::new(), shortened(&more(places, count, ", "))),
        was: shown(old),
        is: shown(new),
        texts: steps.iter().map(|step| step.path().to_string()).collect(),
    })
}

/// What an object has where a step changes it.
fn place(step: &json_patch::PatchOperation, object: &Value) -> String {
    let path = step.path().to_string();
    match object.pointer(&path) {
        Some(value) => format!("{path}: {value}"),
        None => format!("{path}: nothing"),
    }
}

fn indices_masked(path: &str) -> String {
    let step = |step: &str| {
        let index = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        if index { "N".to_owned() } else { step.to_owned() }
    };
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

fn more(shown: Vec<String>, all: usize, between: &str) -> String {
    let left = all - shown.len();
    let shown = shown.join(between);
    if left > 0 { format!("{shown}{between}{left} more") } else { shown }
}

fn warnings(old: &BTreeSet<String>, new: &BTreeSet<String>, subject: &Subject) -> Option<Difference> {
    let lines = |warnings: &BTreeSet<String>, other: &BTreeSet<String>| {
        warnings.difference(other).cloned().collect::<Vec<String>>()
    };
    let (gone, come) = (lines(old, new), lines(new, old));
    let change = match (gone.is_empty(), come.is_empty()) {
        (true, true) => return None,
        (false, true) => Change::FewerWarnings,
        (_, false) => Change::Warnings,
    };
    let difference = of_texts(change, &gone.join("; "), &come.join("; "), subject);
    Some(Difference { texts: if come.is_empty() { gone } else { come }, ..difference })
}

fn host_calls(old: &BTreeSet<Call>, new: &BTreeSet<Call>) -> Option<Difference> {
    let (gone, come): (Vec<_>, Vec<_>) = (old.difference(new).collect(), new.difference(old).collect());
    let change = match (gone.is_empty(), come.is_empty()) {
        (true, true) => return None,
        (false, true) => Change::FewerHostCalls,
        (_, false) => Change::HostCalls,
    };
    let operations = |calls: &[&Call]| {
        let operations: BTreeSet<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
        operations.into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let whole = |calls: &[&Call]| {
        let whole: Vec<_> = calls.iter().map(|call| format!("{} {}", call.operation, call.payload)).collect();
        shortened(&whole.join("; "))
    };
    Some(Difference {
        change,
        group: (shortened(&operations(&gone).join(", ")), shortened(&operations(&come).join(", "))),
        was: whole(&gone),
        is: whole(&come),
        texts: operations(if come.is_empty() { &gone } else { &come }),
    })
}

fn audit_annotations(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Option<Difference> {
    if old == new {
        return None;
    }
    let lines = |annotations: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
        let own = annotations.iter().filter(|(key, value)| other.get(*key) != Some(value));
        own.map(|(key, value)| format!("{key}={value}")).collect::<Vec<String>>()
    };
    let keys = |lines: &[String]| {
        let keys = lines.iter().filter_map(|line| line.split_once('=')).map(|(key, _)| key);
        shortened(&keys.collect::<Vec<_>>().join(", "))
    };
    let (gone, come) = (lines(old, new), lines(new, old));
    Some(Difference {
        change: Change::AuditAnnotations,
        group: (keys(&gone), keys(&come)),
        was: shortened(&gone.join("; ")),
        is: shortened(&come.join("; ")),
        texts: if come.is_empty() { gone } else { come },
    })
}
