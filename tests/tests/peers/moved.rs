//! Moved violations, on the example policy written with the upstream SDK: a module without source and metadata.

use std::sync::LazyLock;

use admit_host::case::{self, Case, Fate, Shape, ShapeReport, Subject};
use admit_host::{CompiledPolicy, Deadline, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::guest::Guest;
use crate::support;

static UPSTREAM: LazyLock<Guest> = LazyLock::new(|| Guest::build("tests/peers/upstream-pod-privileged"));

pub(super) fn trials() -> Vec<Trial> {
    trials![nothing_slips, what_is_not_looked_at_slips]
}

/// The rejected cases of the example, with these settings.
fn cases(settings: &Value) -> Vec<Case> {
    let mut cases =
        case::load(&support::repository().join("examples/pod-privileged/cases")).expect("the cases are valid");
    for case in &mut cases {
        case.shapes = true;
        if let (Subject::Admission(subject), Value::Object(settings)) = (&mut case.subject, settings) {
            subject.settings.extend(settings.clone());
        }
    }
    cases
}

fn moved(cases: &[Case]) -> ShapeReport<'_> {
    let policies: &[CompiledPolicy] = std::slice::from_ref(&UPSTREAM.here);
    case::run_shapes(cases, policies, &RunOptions::default(), Deadline::NEVER, |_, _| {})
}

fn nothing_slips() {
    let cases = cases(&json!({}));
    let report = moved(&cases);
    assert!(report.runs.iter().filter(|run| run.fate == Fate::Rejected).count() >= 100, "{}", report.runs.len());
    assert!(report.runs.iter().all(|run| matches!(run.fate, Fate::Rejected | Fate::Answered)), "{report:#?}");
    assert!(report.undelivered.is_empty(), "a module without metadata has no rules");
}

fn what_is_not_looked_at_slips() {
    let cases = cases(&json!({ "skip_init_containers": true }));
    let report = moved(&cases);
    let wrong: Vec<_> = report.runs.iter().filter(|run| run.is_wrong()).collect();
    assert!(wrong.len() >= 5, "{wrong:#?}");
    for run in wrong {
        assert_eq!(run.shape, Shape::InitContainers, "{}", run.case.name);
        let object = run.request.as_ref().and_then(|request| request.object.as_ref()).expect("an object").to_string();
        assert!(object.contains("\"initContainers\":[{"), "{object}");
    }
}
