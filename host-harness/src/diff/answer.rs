//! What a cluster sees of an evaluation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::outcome::{EvaluationOutcome, HostCall, Trace};

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It may go on, as this object where the policy changed it. What is said of an accepted request no API server looks at.
    Accepted(Option<Value>),
    /// It is rejected.
    Rejected { message: String, code: Option<u16> },
    /// The policy gave no answer: why, without frames, which are others in each build.
    Failed(String),
}

/// An answer, as far as answers are compared.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    pub(super) warnings: BTreeSet<String>,
    pub(super) audit_annotations: BTreeMap<String, String>,
    pub(super) host_calls: BTreeSet<Call>,
    /// Units of fuel, where it is known what the run used.
    pub(super) fuel: Option<u64>,
}

/// A question to the host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    /// `namespace/operation`.
    pub(super) operation: String,
    /// JSON in one form, where it is JSON; entries that are `null` are left out, as SDKs write them or not.
    pub(super) payload: String,
}

impl Answer {
    /// What is to be compared of an outcome.
    ///
    /// # Errors
    ///
    /// Why nothing is known of the policy, where that is not its fault.
    pub(super) fn of(outcome: EvaluationOutcome) -> Result<Self, String> {
        let EvaluationOutcome { result, response, patch, trace, .. } = outcome;
        let verdict = match result {
            Err(failure) if failure.is_of_the_host() => return Err(failure.to_string()),
            Err(failure) => Verdict::Failed(failure.reason()),
            Ok(answer) if response.allowed => Verdict::Accepted(answer.mutated_object.filter(|_| patch.is_some())),
            Ok(_) => {
                let status = response.status.unwrap_or_default();
                Verdict::Rejected { message: status.message.unwrap_or_default(), code: status.code }
            }
        };
        Ok(Self {
            fuel: fuel(&verdict, &trace),
            verdict,
            warnings: response.warnings.unwrap_or_default().into_iter().collect(),
            audit_annotations: response.audit_annotations.unwrap_or_default(),
            host_calls: trace.host_calls.into_iter().map(Call::from).collect(),
        })
    }
}

fn fuel(verdict: &Verdict, trace: &Trace) -> Option<u64> {
    (!trace.fuel_is_minimum && !matches!(verdict, Verdict::Failed(_))).then_some(trace.fuel)
}

impl From<HostCall> for Call {
    fn from(call: HostCall) -> Self {
        let payload = match serde_json::from_slice::<Value>(&call.payload) {
            Ok(mut json) => {
                normalise(&mut json);
                json.to_string()
            }
            Err(_) => String::from_utf8_lossy(&call.payload).into_owned(),
        };
        Self { operation: format!("{}/{}", call.namespace, call.operation), payload }
    }
}

/// Sorts keys, and drops entries that are `null`.
fn normalise(json: &mut Value) {
    fn drop_nulls(json: &mut Value) {
        match json {
            Value::Array(items) => items.iter_mut().for_each(drop_nulls),
            Value::Object(entries) => {
                entries.retain(|_, value| !value.is_null());
                entries.values_mut().for_each(drop_nulls);
            }
            _ => {}
        }
    }
    json.sort_all_objects();
    drop_nulls(json);
}
