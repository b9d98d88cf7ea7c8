//! Other capabilities, with faults.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use admit::wire::chainloop::HTTP;

use super::answers;
use super::http;
use super::{Fault, FaultRule};
use crate::capabilities::kept::Kept;
use crate::capabilities::{CallError, Capabilities, Deadline, failure};

/// Passes calls on to other capabilities, and injects faults into the answers that it was told to.
///
/// Every call reaches the capabilities behind it, so that a recorded session stays in step. What is not authorised and what is
/// logged never gets here. It counts calls: make a new one for each run.
///
/// ```
/// # use admit_host::capabilities::{Fault, FaultRule, Faulty, HostCapabilities, Scripted};
/// # use admit_host::{CallError, Capabilities};
/// # use serde_json::json;
/// # use std::sync::Arc;
/// let script = Scripted::new().on("net", "v1/dns_lookup_host", |_| Ok(json!({"ips": ["192.0.2.1"]})));
/// let calls = HostCapabilities::parse(["net/*"])?;
/// let second = FaultRule { calls, nth: Some(2), fault: Fault::Empty };
/// let faulty = Faulty::new(Arc::new(script), [second]);
/// let lookup = || faulty.call("net", "v1/dns_lookup_host", br#""a.example""#);
/// assert_eq!(lookup().unwrap(), br#"{"ips":["192.0.2.1"]}"#);
/// assert_eq!(lookup().unwrap(), br#"{"ips":[]}"#);
/// assert!(faulty.unused().is_empty());
/// # Ok::<(), admit_host::capabilities::PatternError>(())
/// ```
pub struct Faulty {
    inner: Arc<dyn Capabilities>,
    rules: Vec<FaultRule>,
    state: Mutex<State>,
    kept: Kept,
}

#[derive(Default)]
struct State {
    /// For each rule: the number of calls that it matched, and whether its fault was injected into one.
    counts: Vec<(u64, bool)>,
    seen: Vec<Arc<SeenCall>>,
}

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCall {
    /// Capability family, for example `net`.
    pub namespace: String,
    /// Versioned operation, for example `v1/dns_lookup_host`.
    pub operation: String,
    /// Request bytes.
    pub payload: Vec<u8>,
    /// The answer before a fault was injected.
    pub answer: Result<Vec<u8>, CallError>,
}

impl SeenCall {
    /// The faults that can be injected into its answer, one of each kind.
    pub fn faults(&self) -> Vec<Fault> {
        let applies =
            |fault: &Fault| inject(fault, &self.namespace, &self.operation, &self.payload, &self.answer).is_some();
        Fault::all().into_iter().filter(applies).collect()
    }
}

impl Faulty {
    /// Injects faults into the answers of `inner`. Of several rules for the same call the first one that applies counts.
    pub fn new(inner: Arc<dyn Capabilities>, rules: impl IntoIterator<Item = FaultRule>) -> Self {
        let rules: Vec<FaultRule> = rules.into_iter().collect();
        let state = State { counts: vec![(0, false); rules.len()], seen: Vec::new() };
        Self { inner, rules, state: Mutex::new(state), kept: Kept::default() }
    }

    /// Every call so far, in order.
    pub fn calls(&self) -> Vec<Arc<SeenCall>> {
        self.state().seen.clone()
    }

    /// The rules that were not applied so far: no such call was made, or the fault does not apply to it.
    pub fn unused(&self) -> Vec<&FaultRule> {
        let state = self.state();
        self.rules.iter().zip(&state.counts).filter(|(_, (_, used))| !used).map(|(rule, _)| rule).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call, and gives the rules that apply to it.
    fn due(&self, state: &mut State, namespace: &str, operation: &str) -> Vec<usize> {
        let mut due = Vec::new();
        for (index, (rule, (count, _))) in self.rules.iter().zip(&mut state.counts).enumerate() {
            if rule.calls.allows(namespace, operation) {
                *count += 1;
                if rule.nth.is_none_or(|nth| nth == *count) {
                    due.push(index);
                }
            }
        }
        due
    }
}

impl Capabilities for Faulty {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        self.call_until(Deadline::NEVER, namespace, operation, payload)
    }

    fn call_until(
        &self,
        deadline: Deadline,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, CallError> {
        let answer = self.inner.call_until(deadline, namespace, operation, payload);
        self.kept.keep(payload.len() + answer.as_ref().map_or(0, Vec::len))?;
        let mut state = self.state();
        state.seen.push(Arc::new(SeenCall {
            namespace: namespace.to_owned(),
            operation: operation.to_owned(),
            payload: payload.to_owned(),
            answer: answer.clone(),
        }));
        for index in self.due(&mut state, namespace, operation) {
            if let Some(faulty_answer) = inject(&self.rules[index].fault, namespace, operation, payload, &answer) {
                state.counts[index].1 = true;
                return faulty_answer;
            }
        }
        answer
    }

    fn is_extension(&self, namespace: &str, operation: &str) -> bool {
        self.inner.is_extension(namespace, operation)
    }
}

type Answer = Result<Vec<u8>, CallError>;

/// The answer with the fault; `None` when the fault does not apply to it.
fn inject(fault: &Fault, namespace: &str, operation: &str, payload: &[u8], answer: &Answer) -> Option<Answer> {
    match fault {
        Fault::Fail(text) => Some(Err(failure(namespace, text))),
        Fault::Timeout => Some(Err(CallError::TimedOut)),
        of_body if namespace == HTTP => http::inject(of_body, answer).map(Ok),
        Fault::Garbage => Some(Ok(answers::GARBAGE.to_vec())),
        Fault::OtherShape => Some(Ok(answers::OTHER_SHAPE.to_vec())),
        Fault::Truncated => answer.as_ref().ok().map(|bytes| Ok(answers::half(bytes).to_vec())),
        Fault::Empty => answers::empty(namespace, operation, payload, answer.as_ref().ok().map(Vec::as_slice)).map(Ok),
        Fault::Many => answers::many(namespace, operation, payload, answer.as_ref().ok()?).map(Ok),
    }
}
