//! Whole evaluations of guests that say what the fuzzer wants them to say.

use std::sync::{Arc, LazyLock};

use admit_host::capabilities::NoCapabilities;
use admit_host::outcome::Failure;
use admit_host::request::{AdmissionRequest, Request};
use admit_host::{CallError, Capabilities, CompiledPolicy, Engine, EngineOptions, RunOptions};
use serde_json::{Map, Value, json};

pub(crate) const WORDS: &[&str] = &[
    "accepted",
    "message",
    "code",
    "mutated_object",
    "audit_annotations",
    "warnings",
    "valid",
    "true",
    "false",
    "null",
    "metadata",
    "labels",
    "spec",
    "containers",
    "~0",
    "~1",
    "a/b",
    "65536",
];

pub(crate) const LOG_WORDS: &[&str] =
    &["level", "message", "trace", "debug", "info", "warning", "warn", "error", "data", "ERROR", "null"];

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(EngineOptions::default()).expect("this machine runs WebAssembly"));

static WAPC: LazyLock<CompiledPolicy> =
    LazyLock::new(|| guest(include_str!("../../../tests/guests/wat/behaved/wapc-relay.wat")));
static WASI: LazyLock<CompiledPolicy> =
    LazyLock::new(|| guest(include_str!("../../../tests/guests/wat/behaved/wasi-relay.wat")));
static LOG: LazyLock<CompiledPolicy> =
    LazyLock::new(|| guest(include_str!("../../../tests/guests/wat/behaved/wapc-log.wat")));

/// Bytes of memory that the guests have for what they are told.
const ROOM: usize = 200 << 10;
/// The same of the logging guest.
const LOG_ROOM: usize = 100 << 10;

fn guest(text: &str) -> CompiledPolicy {
    let bytes = wat::parse_str(text).expect("the guest is a module");
    CompiledPolicy::from_bytes(engine(), &bytes).expect("the guest loads")
}

pub(crate) fn engine() -> &'static Engine {
    &ENGINE
}

fn object() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "labels": {"a/b": "1", "~": "2", "": "3"}},
        "spec": {"containers": [{"name": "a", "image": "b"}, {"name": "c"}]}
    })
}

/// A request about a Pod.
pub(crate) fn pod_request() -> Request {
    let request = AdmissionRequest { uid: "u".to_owned(), object: Some(object()), ..AdmissionRequest::default() };
    Request::Kubernetes(Box::new(request))
}

/// Tells the guests what to say.
struct Tell(Result<Vec<u8>, String>);

impl Capabilities for Tell {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        match namespace {
            "relay" => self.0.clone().map_err(CallError::Failed),
            _ => NoCapabilities.call(namespace, operation, payload),
        }
    }

    fn is_extension(&self, _: &str, _: &str) -> bool {
        true
    }
}

fn telling(answer: Result<Vec<u8>, String>) -> RunOptions {
    RunOptions { capabilities: Arc::new(Tell(answer)), ..RunOptions::default() }
}

/// Any answer to `validate` becomes a response, the same for both ABIs; a patch makes of the object what the guest made of it.
pub(crate) fn validation_answer(data: &[u8]) {
    if data.len() > ROOM {
        return;
    }
    let [wapc, wasi] = [&*WAPC, &*WASI].map(|policy| {
        let outcome = policy.validate(&pod_request(), &Map::new(), &telling(Ok(data.to_vec())));
        let response = serde_json::to_string(&outcome.response).expect("a response is JSON");
        match &outcome.result {
            Ok(answer) => {
                // No mutated object is a patch of nothing.
                if let Some(mutated) = &answer.mutated_object {
                    let mut patched = object();
                    if let Some(patch) = &outcome.patch {
                        json_patch::patch(&mut patched, patch).expect("the patch fits the object");
                    }
                    assert_eq!(&patched, mutated, "{:?}", outcome.patch);
                }
            }
            Err(Failure::Protocol(_) | Failure::Limit { .. }) => assert!(!outcome.response.allowed),
            Err(failure) => panic!("the guest answered, and the run ended with {failure}"),
        }
        (outcome.result.ok(), outcome.patch, response)
    });
    // A WASI policy's stdout is text to Kubewarden; of a waPC policy's answer only those texts that it uses.
    if std::str::from_utf8(data).is_err() {
        return;
    }
    assert_eq!(wapc.0, wasi.0, "the ABIs differ");
    if wapc.0.is_some() {
        assert_eq!((wapc.1, wapc.2), (wasi.1, wasi.2), "the ABIs differ");
    }
}

/// Any answer to `validate_settings` is an outcome, the same for both ABIs.
pub(crate) fn settings_answer(data: &[u8]) {
    if data.len() > ROOM {
        return;
    }
    let [wapc, wasi] = [&*WAPC, &*WASI].map(|policy| {
        let outcome = policy.validate_settings(&Map::new(), &telling(Ok(data.to_vec())));
        if let Err(failure) = &outcome.result {
            assert!(matches!(failure, Failure::Protocol(_)), "the guest answered, and the run ended with {failure}");
            assert!(!outcome.response.valid, "settings are not valid because nobody could tell");
        }
        outcome.result.ok()
    });
    if std::str::from_utf8(data).is_ok() {
        assert_eq!(wapc, wasi, "the ABIs differ");
    }
    let _ = WAPC.protocol_version(&telling(Ok(data.to_vec())));
}

/// What guests log, and the errors that they report.
pub(crate) fn guest_texts(data: &[u8]) {
    if data.len() <= LOG_ROOM {
        let outcome = LOG.validate(&pod_request(), &Map::new(), &telling(Ok(data.to_vec())));
        assert!(outcome.response.allowed, "a log record ended the run: {:?}", outcome.result);
        let levels = ["trace", "debug", "info", "warning", "error"];
        for record in &outcome.trace.logs {
            assert!(levels.contains(&record.level.as_str()), "{record:?}");
            assert!(record.data.is_object(), "{record:?}");
        }
        // The record, or the complaint about it, and the line on the console.
        assert_eq!(outcome.trace.logs.len(), 2, "{:?}", outcome.trace.logs);
    }
    if data.len() > ROOM {
        return;
    }
    let text = String::from_utf8_lossy(data).into_owned();
    for policy in [&*WAPC, &*WASI] {
        let outcome = policy.validate(&pod_request(), &Map::new(), &telling(Err(text.clone())));
        assert!(!outcome.response.allowed);
        let failure = outcome.result.expect_err("the guest reports an error");
        assert!(matches!(failure, Failure::Guest(_)), "{failure}");
    }
}
