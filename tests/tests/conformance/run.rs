//! One case, one guest, one ABI.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use admit_host::admission::{Enforcement, UnknownMode};
use admit_host::capabilities::{ContextAware, HostCapabilities, World};
use admit_host::outcome::{Failure, HostCall, Trace};
use admit_host::request::{self, Request, RequestOptions};
use admit_host::{Abi, CallError, Capabilities, CompiledPolicy, Profile, RunOptions};
use serde_json::{Map, Value, json};

use super::case::{AbiName, Answer, Case, Guest, Host, Operation, Sdk, Step};
use super::expect::{Report, check, heard, text};
use super::{handwritten, scripted};
use crate::support::engine_of;

/// Who is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    HandWritten,
    Sdk,
}

/// Runs a case in both profiles, which give the same; the error says what is not as expected.
pub(super) fn run(case: &Case, who: Who, abi: AbiName) -> Result<(), String> {
    run_in(Profile::Testing, case, who, abi)?;
    run_in(Profile::Serving, case, who, abi).map_err(|difference| format!("in the serving profile: {difference}"))
}

fn run_in(profile: Profile, case: &Case, who: Who, abi: AbiName) -> Result<(), String> {
    let expect = &case.expect;
    let Some(policy) = policy(case, who, abi.abi(), profile)? else { return Ok(()) };
    let given = match options(&case.host) {
        Ok(options) => options,
        Err(error) => return text("pattern_error", expect.pattern_error.as_deref(), &error),
    };
    let settings = match settings(case, who) {
        Ok(settings) => settings,
        Err(error) => return text("settings_error", expect.settings_error.as_deref(), &error),
    };
    let request = match request(case) {
        Ok(request) => request,
        Err(error) => return text("request_error", expect.request_error.as_deref(), &error),
    };
    for (key, expected) in [
        ("load_error", &expect.load_error),
        ("pattern_error", &expect.pattern_error),
        ("settings_error", &expect.settings_error),
        ("request_error", &expect.request_error),
    ] {
        if let Some(expected) = expected {
            return Err(format!("{key}: expected {expected:?}, found no error"));
        }
    }
    (0..case.times).try_for_each(|_| evaluate(case, who, abi, &policy, (&request, &settings), &given))
}

/// Asks once, and compares.
fn evaluate(
    case: &Case,
    who: Who,
    abi: AbiName,
    policy: &CompiledPolicy,
    (request, settings): (&Request, &Map<String, Value>),
    given: &RunOptions,
) -> Result<(), String> {
    let report = match case.operation {
        Operation::Validate => {
            let mut outcome = policy.validate(request, settings, given);
            if who == Who::Sdk {
                same_questions(&case.guest, &outcome.trace.host_calls)?;
            }
            if let Some(deployed) = &case.host.deployed {
                outcome = outcome.enforced(&Enforcement {
                    mode: deployed.mode.parse().map_err(|error: UnknownMode| error.to_string())?,
                    allowed_to_mutate: deployed.allowed_to_mutate,
                    message: deployed.message.clone(),
                    policy_id: deployed.id.clone(),
                });
            }
            let mut report = Report::new(abi.abi(), who, outcome.trace, outcome.result.err());
            report.response = Some(outcome.response);
            report
        }
        Operation::ValidateSettings => {
            let outcome = policy.validate_settings(settings, given);
            let mut report = Report::new(abi.abi(), who, outcome.trace, outcome.result.err());
            report.settings = Some(serde_json::to_value(outcome.response).expect("a response is JSON"));
            report
        }
        Operation::ProtocolVersion => {
            let (version, failure) = match policy.protocol_version(given) {
                Ok(version) => (Some(version), None),
                Err(failure) => (None, Some(failure)),
            };
            let mut report = Report::new(abi.abi(), who, Trace::default(), failure);
            report.protocol_version = version;
            report
        }
    };
    check(&case.expect, case.operation, heard(report))
}

/// The guest; none when it was to be refused, and was.
fn policy(case: &Case, who: Who, abi: Abi, profile: Profile) -> Result<Option<CompiledPolicy>, String> {
    if who == Who::Sdk {
        return Ok(Some(scripted::policy(case.raw.is_some(), abi, profile)));
    }
    let bytes = handwritten::module(&case.guest, abi)?;
    match CompiledPolicy::from_bytes(engine_of(profile), &bytes) {
        Err(error) => {
            text("load_error", case.expect.load_error.as_deref(), &error.to_string())?;
            Ok(None)
        }
        Ok(policy) if policy.abi() != abi => Err(format!("the module is for {}, not for {abi}", policy.abi())),
        Ok(policy) => Ok(Some(policy)),
    }
}

/// The case's settings; for the SDK's guest with the script in them.
fn settings(case: &Case, who: Who) -> Result<Map<String, Value>, String> {
    let given = case.settings.clone().unwrap_or_default().to_string();
    let mut settings = request::read_settings(given.as_bytes(), "settings.json").map_err(|error| error.to_string())?;
    if who == Who::Sdk {
        match &case.sdk {
            Some(Sdk::Script(steps)) if !steps.is_empty() => {
                settings.insert("script".to_owned(), Value::Array(steps.clone()));
            }
            Some(Sdk::Settings(more)) => settings.extend(more.clone()),
            Some(Sdk::Why(same)) if same == "same" => {
                settings.insert("script".to_owned(), same_calls(&case.guest)?);
            }
            _ => {}
        }
    }
    Ok(settings)
}

/// The calls of the hand-written guest, for the SDK's.
fn same_calls(guest: &Guest) -> Result<Value, String> {
    let Guest::Steps(steps) = guest else { return Err("`sdk: same` needs steps".to_owned()) };
    let mut script = Vec::new();
    for step in steps {
        match step {
            Step::Call(call) if call.binding == "kubewarden" => script.push(json!({"call": {
                "namespace": call.namespace, "operation": call.operation, "payload": call.payload,
            }})),
            Step::Answer(_) => {}
            _ => return Err("`sdk: same` is for guests that make calls and answer".to_owned()),
        }
    }
    Ok(Value::Array(script))
}

/// Both guests must have asked the same: what the SDK sends is what somebody wrote down from the contract, nulls included.
fn same_questions(guest: &Guest, asked: &[HostCall]) -> Result<(), String> {
    let Guest::Steps(steps) = guest else { return Ok(()) };
    let question = |namespace: &str, operation: &str, payload: &[u8]| {
        let payload = serde_json::from_slice(payload).unwrap_or_else(|_| json!(String::from_utf8_lossy(payload)));
        json!({"call": format!("{namespace}/{operation}"), "payload": payload})
    };
    let expected: Vec<Value> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Call(call) if call.namespace != "tracing" || call.operation != "log" => {
                Some(question(&call.namespace, &call.operation, call.payload.as_bytes()))
            }
            _ => None,
        })
        .collect();
    let actual: Vec<Value> =
        asked.iter().map(|call| question(&call.namespace, &call.operation, &call.payload)).collect();
    if expected == actual {
        return Ok(());
    }
    Err(format!("host calls\n  by hand {}\n  by SDK  {}", json!(expected), json!(actual)))
}

/// The request as the host would get it.
fn request(case: &Case) -> Result<Request, String> {
    let read = |bytes: &[u8], raw| {
        let options = RequestOptions { raw, ..RequestOptions::default() };
        request::read(bytes, "request.json", &options).map(|read| read.request).map_err(|error| error.to_string())
    };
    if let Some(raw) = case.raw.as_ref().or(case.sent.as_ref()) {
        return read(raw.as_bytes(), true);
    }
    if let Some(document) = &case.document {
        return read(document.as_bytes(), false);
    }
    let mut request = json!({
        "uid": "u-1",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "operation": "CREATE",
        "userInfo": {},
        "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}},
    });
    for (key, value) in case.request.iter().flatten() {
        request[key] = value.clone();
    }
    read(request.to_string().as_bytes(), false)
}

fn options(host: &Host) -> Result<RunOptions, String> {
    let capabilities: Arc<dyn Capabilities> = match &host.world {
        Some(world) => {
            let world = World::parse(world.to_string().as_bytes(), "world.json", Path::new("."));
            Arc::new(world.map_err(|error| error.to_string())?)
        }
        None => Arc::new(Queue(Mutex::new(host.answers.clone().into()))),
    };
    let mut options = RunOptions { capabilities, ..RunOptions::default() };
    if let Some(patterns) = &host.capabilities {
        options.grants.host_capabilities = HostCapabilities::parse(patterns).map_err(|error| error.to_string())?;
    }
    if let Some(kinds) = &host.context_aware {
        let pairs = kinds.iter().map(|kind| kind.rsplit_once('/').expect("apiVersion/Kind"));
        options.grants.context_aware_resources = ContextAware::only(pairs);
    }
    if let Some(wall_time) = host.wall_time {
        options.limits.wall_time = Some(Duration::from_millis(wall_time));
    }
    Ok(options)
}

/// Gives the case's answers, in their order.
struct Queue(Mutex<VecDeque<Answer>>);

impl Capabilities for Queue {
    fn call(&self, namespace: &str, operation: &str, _payload: &[u8]) -> Result<Vec<u8>, CallError> {
        match self.0.lock().expect("no test panics in between").pop_front() {
            Some(Answer::Ok(text)) => Ok(text.into_bytes()),
            Some(Answer::Error { error }) => Err(CallError::Failed(error)),
            None => Err(CallError::Unanswerable(format!("the case has no answer left for {namespace}/{operation}"))),
        }
    }
}

/// The name of a failure's kind.
pub(super) fn kind(failure: &Failure) -> &'static str {
    match failure {
        Failure::Instantiate(_) => "instantiate",
        Failure::Trap { .. } => "trap",
        Failure::Timeout(_) => "timeout",
        Failure::Limit { .. } => "limit",
        Failure::Unanswerable(_) => "unanswerable",
        Failure::Guest(_) => "guest",
        Failure::Protocol(_) => "protocol",
        _ => "unknown",
    }
}
