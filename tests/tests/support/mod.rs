//! What the tests share: one engine, the guests, and a host whose answers the test decides.

mod compiled;

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use admit_host::request::{AdmissionRequest, Request};
use admit_host::{CallError, Capabilities, CompiledPolicy, Engine, EngineOptions, Profile, RunOptions};
use serde_json::{Map, Value};

pub(crate) use compiled::Compiled;

/// Makes a `Vec<Trial>` of functions, named after the module and the function.
macro_rules! trials {
    ($($function:ident),* $(,)?) => {
        vec![$(libtest_mimic::Trial::test(
            concat!(module_path!(), "::", stringify!($function)).trim_start_matches("all::"),
            || { $function(); Ok(()) },
        )),*]
    };
}

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(EngineOptions::default()).expect("this machine runs WebAssembly"));

/// The engine of every test that needs no other.
pub(crate) fn engine() -> &'static Engine {
    &ENGINE
}

static SERVING: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(EngineOptions::serving()).expect("this machine has address space"));

/// An engine of this profile.
pub(crate) fn engine_of(profile: Profile) -> &'static Engine {
    match profile {
        Profile::Testing => engine(),
        Profile::Serving => &SERVING,
    }
}

/// The folder of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in a folder of the repository").to_owned()
}

/// A folder of guests that are text.
pub(crate) fn guests(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/wat").join(kind)
}

/// The bytes of a well-behaved guest.
pub(crate) fn behaved_bytes(name: &str) -> Vec<u8> {
    let path = guests("behaved").join(name).with_extension("wat");
    wat::parse_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A well-behaved guest.
pub(crate) fn behaved(name: &str) -> CompiledPolicy {
    CompiledPolicy::from_bytes(engine(), &behaved_bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// JSON as a map.
pub(crate) fn settings(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).expect("the test's settings are a JSON object")
}

/// An admission request with nothing but what is in `json`.
pub(crate) fn request(json: &str) -> Request {
    let mut fields: Map<String, Value> = settings(
        r#"{"uid": "", "operation": "", "kind": {"group": "", "version": "", "kind": ""}, "resource": {"group": "", "version": "", "resource": ""}, "userInfo": {}}"#,
    );
    fields.append(&mut settings(json));
    let request: AdmissionRequest =
        serde_json::from_value(fields.into()).expect("the test's request is an AdmissionRequest");
    Request::Kubernetes(Box::new(request))
}

/// A host that gives these answers, in this order, and then none any more.
pub(crate) struct Answers(Mutex<VecDeque<Result<Vec<u8>, String>>>);

impl Capabilities for Answers {
    fn call(&self, namespace: &str, operation: &str, _payload: &[u8]) -> Result<Vec<u8>, CallError> {
        let next = self.0.lock().expect("no test panics in between").pop_front();
        next.unwrap_or_else(|| Err(format!("no answer is left for {namespace}/{operation}"))).map_err(CallError::Failed)
    }

    fn is_extension(&self, _namespace: &str, _operation: &str) -> bool {
        true
    }
}

/// Default options, with a host that gives these answers.
pub(crate) fn answering<const N: usize>(answers: [Result<&[u8], &str>; N]) -> RunOptions {
    let answers = answers.into_iter().map(|answer| answer.map(<[u8]>::to_vec).map_err(str::to_owned)).collect();
    RunOptions { capabilities: Arc::new(Answers(Mutex::new(answers))), ..RunOptions::default() }
}

/// A host that answers every call with its payload.
pub(crate) struct Echo;

impl Capabilities for Echo {
    fn call(&self, _namespace: &str, _operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        Ok(payload.to_vec())
    }

    fn is_extension(&self, _namespace: &str, _operation: &str) -> bool {
        true
    }
}

/// Every file with this extension in a folder, sorted.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}
