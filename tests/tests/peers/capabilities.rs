//! Every capability, asked by a guest of each SDK.
//!
//! The questions of each file in `peers/capabilities` go to four pairs: each SDK's guest on this project's host, with a
//! fake world; and each on the upstream host, whose callback gives the same world's answers. What the guests learned must
//! be the same everywhere, and as the file says. Our guest runs as a WASI module too.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use admit_host::capabilities::World;
use admit_host::request::Request;
use admit_host::{Abi, Capabilities, CompiledPolicy, RunOptions};
use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};

use super::guest::{Answer, Guest, build};
use crate::support::{self, engine, files, request};

static OURS: LazyLock<Guest> = LazyLock::new(|| Guest::build("tests/guests/rust/capabilities"));
static UPSTREAM: LazyLock<Guest> = LazyLock::new(|| Guest::build("tests/peers/upstream-capabilities"));
static OURS_AS_WASI: LazyLock<CompiledPolicy> = LazyLock::new(|| {
    let module = build("tests/guests/rust/capabilities", Abi::Wasi);
    CompiledPolicy::from_bytes(engine(), &module).unwrap_or_else(|error| panic!("{error}"))
});
static WORLD: LazyLock<World> =
    LazyLock::new(|| World::open(&folder().join("world")).unwrap_or_else(|error| panic!("{error}")));

fn folder() -> PathBuf {
    support::repository().join("tests/peers/capabilities")
}

pub(super) fn trials() -> Vec<Trial> {
    let files = files(&folder(), "yaml");
    assert!(files.len() >= 8, "the questions are gone");
    let mut trials: Vec<Trial> = files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("peers::capabilities::{name}"), move || compare(&path))
        })
        .collect();
    trials.push(Trial::test("peers::capabilities::every_operation_is_asked", every_operation_is_asked));
    trials
}

/// The questions of a file, and what everybody has to learn from the answers.
fn read(path: &Path) -> (Map<String, Value>, Vec<Value>) {
    let bytes = std::fs::read(path).expect("the file is readable");
    let mut settings = admit_host::request::read_settings(&bytes, &path.display().to_string())
        .unwrap_or_else(|error| panic!("{error}"));
    let answers = settings.remove("answers").expect("the file says what the answers are");
    (settings, serde_json::from_value(answers).expect("a list"))
}

fn options() -> RunOptions {
    RunOptions { capabilities: Arc::new(WORLD.clone()), ..RunOptions::default() }
}

fn compare(path: &Path) -> Result<(), Failed> {
    let (settings, expected) = read(path);
    let request = request("{}");
    let world = |namespace: &str, operation: &str, payload: &[u8]| {
        Capabilities::call(&*WORLD, namespace, operation, payload).map_err(|error| error.to_string())
    };
    let as_wasi = OURS_AS_WASI.validate(&request, &settings, &options()).result;
    let answers = [
        ("ours, here", OURS.here(&request, &settings, &options())),
        ("ours, there", OURS.there(&request, &settings, Box::new(world))),
        ("ours as WASI", Answer::Verdict(json!(as_wasi.map_err(|failure| failure.to_string())?))),
        ("upstream's, here", UPSTREAM.here(&request, &settings, &options())),
        ("upstream's, there", UPSTREAM.there(&request, &settings, Box::new(world))),
    ];
    for (who, answer) in answers {
        let Answer::Verdict(verdict) = answer else { return Err(format!("{who}: {answer:?}").into()) };
        let learned: Vec<Value> = verdict["warnings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|text| serde_json::from_str(text.as_str().expect("warnings are texts")).expect("JSON"))
            .collect();
        if learned != expected {
            let text = |answers: &[Value]| serde_json::to_string_pretty(answers).expect("JSON");
            return Err(format!("{who}\n learned  {}\n expected {}", text(&learned), text(&expected)).into());
        }
    }
    Ok(())
}

/// The files leave no operation out.
fn every_operation_is_asked() -> Result<(), Failed> {
    let mut asked: Vec<String> = Vec::new();
    for path in files(&folder(), "yaml") {
        let outcome = OURS.here.validate(&Request::clone(&request("{}")), &read(&path).0, &options());
        asked.extend(outcome.trace.host_calls.iter().map(|call| format!("{}/{}", call.namespace, call.operation)));
    }
    for operation in admit_host::capabilities::OPERATIONS {
        assert!(asked.iter().any(|asked| asked == operation), "nobody asks {operation}");
    }
    Ok(())
}
