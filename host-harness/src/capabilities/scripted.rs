//! Answers that a test writes down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::kept::Kept;
use super::{CHAINLOOP_OPERATIONS, CallError, Capabilities, HostRequest, OPERATIONS, failure, native};

/// Capabilities whose answers a test writes in Rust.
///
/// Rules are looked at in the order in which they were added, and the first that fits answers, any number of times. A
/// call that none fits ends the run with a text that tells what was expected. What was called, and which rule answered
/// nothing, can be asked afterwards through any clone.
///
/// ```
/// # use admit_host::capabilities::Scripted;
/// # use admit_host::{Capabilities, RunOptions};
/// # use serde_json::json;
/// # use std::sync::Arc;
/// let script = Scripted::new()
///     .answer("net", "v1/dns_lookup_host", json!("a.example"), json!({"ips": ["192.0.2.1"]}))
///     .fail("net", "v1/dns_lookup_host", json!("b.example"), "no such host")
///     .on("kubernetes", "get_resource", |request| {
///         Ok(json!({"metadata": {"name": request["name"], "labels": {}}}))
///     });
/// let options = RunOptions { capabilities: Arc::new(script.clone()), ..RunOptions::default() };
/// // … evaluate a policy with `options` …
/// # options.capabilities.call("net", "v1/dns_lookup_host", br#""a.example""#).unwrap();
/// # options.capabilities.call("net", "v1/dns_lookup_host", br#""b.example""#).unwrap_err();
/// # let get = br#"{"api_version": "v1", "kind": "Namespace", "name": "n"}"#;
/// # options.capabilities.call("kubernetes", "get_resource", get).unwrap();
/// assert_eq!(script.calls()[0].request, "a.example");
/// script.assert_used();
/// ```
///
/// It is a host for native unit tests too, where log records are dropped, and a call that no rule fits panics:
///
/// ```
/// # use admit_host::capabilities::Scripted;
/// # use serde_json::json;
/// let script = Scripted::new().answer("net", "v1/dns_lookup_host", json!("a.example"), json!({"ips": []}));
/// let host = admit::Host::new(script.clone());
/// host.info("looking up");
/// assert_eq!(host.call("net", "v1/dns_lookup_host", br#""a.example""#).unwrap(), br#"{"ips":[]}"#);
/// assert_eq!(script.calls().len(), 1);
/// ```
#[derive(Clone, Default)]
pub struct Scripted {
    rules: Arc<Vec<Rule>>,
    state: Arc<Mutex<State>>,
    kept: Arc<Kept>,
}

/// One call that a script was asked to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptedCall {
    /// Capability family, for example `net`.
    pub namespace: String,
    /// Versioned operation, for example `v1/dns_lookup_host`.
    pub operation: String,
    /// The payload.
    pub request: Value,
}

#[derive(Default)]
struct State {
    calls: Vec<ScriptedCall>,
    /// By position of the rule.
    used: Vec<bool>,
}

#[derive(Clone)]
struct Rule {
    namespace: String,
    operation: String,
    /// `None` fits every request.
    request: Option<Value>,
    answer: Answer,
}

type Answer = Arc<dyn Fn(&Value) -> Result<Value, String> + Send + Sync>;

impl Scripted {
    /// A script without rules: every call fails.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers every request of an operation with what `answer` makes of it; an `Err` is the host's failure.
    ///
    /// # Panics
    ///
    /// When there is no such operation.
    pub fn on(
        self,
        namespace: &str,
        operation: &str,
        answer: impl Fn(&Value) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Self {
        self.rule(namespace, operation, None, Arc::new(answer))
    }

    /// Answers exactly this request. Compared as JSON values: a key that is `null` is not the same as one that is absent.
    ///
    /// # Panics
    ///
    /// When there is no such operation.
    pub fn answer(self, namespace: &str, operation: &str, request: Value, answer: Value) -> Self {
        self.rule(namespace, operation, Some(request), Arc::new(move |_| Ok(answer.clone())))
    }

    /// Fails exactly this request. On Kubewarden the guest receives `Callback evaluation failure: <text>`.
    ///
    /// # Panics
    ///
    /// When there is no such operation.
    pub fn fail(self, namespace: &str, operation: &str, request: Value, text: impl Into<String>) -> Self {
        let text = text.into();
        self.rule(namespace, operation, Some(request), Arc::new(move |_| Err(text.clone())))
    }

    fn rule(mut self, namespace: &str, operation: &str, request: Option<Value>, answer: Answer) -> Self {
        let call = format!("{namespace}/{operation}");
        assert!(
            OPERATIONS.iter().chain(&CHAINLOOP_OPERATIONS).any(|known| *known == call),
            "no policy can call `{call}`; the operations are {}, and on Chainloop {}",
            OPERATIONS.join(", "),
            CHAINLOOP_OPERATIONS.join(", ")
        );
        let rule = Rule { namespace: namespace.to_owned(), operation: operation.to_owned(), request, answer };
        Arc::make_mut(&mut self.rules).push(rule);
        self
    }

    /// Every call so far, in order, those that no rule fitted included.
    pub fn calls(&self) -> Vec<ScriptedCall> {
        self.state().calls.clone()
    }

    /// The rules that answered no call so far, for example `net/v1/dns_lookup_host with "a.example"`.
    pub fn unused(&self) -> Vec<String> {
        let state = self.state();
        let unused = |index: &usize| !state.used.get(*index).copied().unwrap_or(false);
        (0..self.rules.len()).filter(unused).map(|index| self.rules[index].describe()).collect()
    }

    /// # Panics
    ///
    /// When a rule answered no call.
    #[track_caller]
    pub fn assert_used(&self) {
        let unused = self.unused();
        assert!(unused.is_empty(), "the policy was expected to call, and did not:\n  {}", unused.join("\n  "));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unexpected(&self, call: &str) -> String {
        let expected = match self.rules.len() {
            0 => " nothing".to_owned(),
            _ => self.rules.iter().map(|rule| format!("\n  {}", rule.describe())).collect(),
        };
        format!("unexpected call of {call}; the script answers:{expected}")
    }
}

impl Rule {
    fn fits(&self, namespace: &str, operation: &str, request: &Value) -> bool {
        self.namespace == namespace
            && self.operation == operation
            && self.request.as_ref().is_none_or(|expected| expected == request)
    }

    fn describe(&self) -> String {
        let request = self.request.as_ref().map_or("any request".to_owned(), Value::to_string);
        format!("{}/{} with {request}", self.namespace, self.operation)
    }
}

impl Capabilities for Scripted {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        // In a native test the call is not authorised before.
        HostRequest::parse(namespace, operation, payload)?;
        let request: Value = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
        self.kept.keep(payload.len())?;
        let rule = self.rules.iter().position(|rule| rule.fits(namespace, operation, &request));
        {
            let mut state = self.state();
            if let Some(index) = rule {
                state.used.resize(self.rules.len(), false);
                state.used[index] = true;
            }
            state.calls.push(ScriptedCall {
                namespace: namespace.to_owned(),
                operation: operation.to_owned(),
                request: request.clone(),
            });
        }
        // Not under the lock: a closure of the test may look at the calls.
        let Some(index) = rule else {
            let call = format!("{namespace}/{operation} with {request}");
            return Err(CallError::Unanswerable(self.unexpected(&call)));
        };
        let answer = (self.rules[index].answer)(&request);
        answer.map(|answer| answer.to_string().into_bytes()).map_err(|text| failure(namespace, &text))
    }
}

impl admit::HostClient for Scripted {
    /// # Panics
    ///
    /// When no rule fits: a policy that treats every error alike would hide that from its test.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        native::answer(self, namespace, operation, payload)
    }
}
