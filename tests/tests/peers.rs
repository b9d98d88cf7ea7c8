//! A second opinion from crates that share no code with this project: the example policy written with
//! `kubewarden-policy-sdk` as a peer guest, `wapc` with `wasmtime-provider` as a peer host.
//!
//! On every case of the example, both guests run on both hosts. One guest must give the same answer on both hosts, to the
//! letter; two guests must come to the same decision, with the same message and code.

use std::sync::LazyLock;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::case::{self, Case, Verdict};
use admit_host::outcome::Failure;
use admit_host::request::Request;
use admit_host::{Abi, CompiledPolicy, RunOptions};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use wapc::WapcHost;
use wasmtime_provider::{WasmtimeEngineProviderBuilder, WasmtimeEngineProviderPre};

use crate::support;

/// What a policy made of a case, wherever it ran.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    /// `validate_settings` said no. The text is kept apart: guests may say it in their own words.
    SettingsInvalid,
    /// The parsed answer to `validate`.
    Verdict(Value),
    /// The guest's error text.
    Error(String),
}

struct Guest {
    here: CompiledPolicy,
    there: WasmtimeEngineProviderPre,
}

impl Guest {
    fn build(folder: &str) -> Self {
        let project = Project::open(&support::repository().join(folder)).expect("the policy crate is there");
        let artifact = project.build(Some(Abi::Wapc), &BuildOptions::default()).expect("the policy builds");
        let bytes = std::fs::read(&artifact.path).expect("the module is readable");
        let here = CompiledPolicy::from_bytes(support::engine(), &bytes).expect("the module loads here");
        let there =
            WasmtimeEngineProviderBuilder::new().module_bytes(&bytes).build_pre().expect("the module loads there");
        Self { here, there }
    }

    /// On this project's host.
    fn here(&self, case: &Case) -> Answer {
        let options = RunOptions::default();
        let checked = self.here.validate_settings(&case.settings, &options);
        match checked.result {
            Ok(response) if response.valid => {}
            // The upstream SDK reports settings that it cannot decode as an error of the guest.
            Ok(_) | Err(Failure::Guest(_)) => return Answer::SettingsInvalid,
            Err(other) => panic!("the guest misbehaved: {other}"),
        }
        match self.here.validate(&case.request, &case.settings, &options).result {
            Ok(response) => Answer::Verdict(serde_json::to_value(response).expect("answers are JSON")),
            Err(Failure::Guest(text)) => Answer::Error(text),
            Err(other) => panic!("the guest misbehaved: {other}"),
        }
    }

    /// On the upstream host.
    fn there(&self, case: &Case) -> Answer {
        let provider = self.there.rehydrate(None).expect("there is an instance");
        let host = WapcHost::new(Box::new(provider), Some(Box::new(|_, _, _, _, _| Ok(Vec::new()))))
            .expect("the module initialises");
        let settings = Value::Object(case.settings.clone());
        match host.call("validate_settings", settings.to_string().as_bytes()) {
            Ok(answer) if normalised(&answer)["valid"] == true => {}
            Ok(_) => return Answer::SettingsInvalid,
            Err(error) => {
                guest_error(error);
                return Answer::SettingsInvalid;
            }
        }
        let request = match &case.request {
            Request::Kubernetes(request) => serde_json::to_value(request).expect("requests are JSON"),
            Request::Raw(request) => request.clone(),
        };
        match host.call("validate", json!({"request": request, "settings": settings}).to_string().as_bytes()) {
            Ok(answer) => Answer::Verdict(normalised(&answer)),
            Err(error) => Answer::Error(guest_error(error)),
        }
    }
}

/// The text that a guest gave. A trap comes the same way, as a backtrace; no guest here may trap.
fn guest_error(error: wapc::errors::Error) -> String {
    match error {
        wapc::errors::Error::GuestCallFailure(text) if !text.contains("wasm backtrace") => text,
        other => panic!("the guest misbehaved: {other}"),
    }
}

/// The answer without optional fields that are null: the upstream SDK writes them, ours leaves them out.
fn normalised(answer: &[u8]) -> Value {
    let mut answer: Value = serde_json::from_slice(answer).expect("the answer is JSON");
    if let Some(fields) = answer.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    answer
}

static OURS: LazyLock<Guest> = LazyLock::new(|| Guest::build("examples/pod-privileged"));
static UPSTREAM: LazyLock<Guest> = LazyLock::new(|| Guest::build("tests/peers/upstream-pod-privileged"));

pub(crate) fn trials() -> Vec<Trial> {
    let cases = case::load(&support::repository().join("examples/pod-privileged/cases")).expect("the cases are valid");
    assert!(cases.len() >= 14, "the example has lost its cases");
    let mut trials: Vec<Trial> =
        cases.into_iter().map(|case| Trial::test(format!("peers::{}", case.name), move || compare(&case))).collect();
    trials.push(Trial::test("peers::protocol_version", protocol_version));
    trials
}

fn compare(case: &Case) -> Result<(), Failed> {
    for (name, guest) in [("ours", &*OURS), ("upstream", &*UPSTREAM)] {
        let (here, there) = (guest.here(case), guest.there(case));
        if here != there {
            return Err(
                format!("the guest `{name}` differs between hosts\n  here:  {here:?}\n  there: {there:?}").into()
            );
        }
    }
    let (ours, upstream) = (OURS.here(case), UPSTREAM.here(case));
    let same = match (&ours, &upstream) {
        // Each SDK has its own words for what it cannot decode; that it fails where the case says so is what counts.
        (Answer::Error(_), Answer::Error(_)) => case.expect.verdict == Verdict::Error,
        _ => ours == upstream,
    };
    if same { Ok(()) } else { Err(format!("the guests differ\n  ours:     {ours:?}\n  upstream: {upstream:?}").into()) }
}

fn protocol_version() -> Result<(), Failed> {
    for guest in [&*OURS, &*UPSTREAM] {
        assert_eq!(guest.here.protocol_version(&RunOptions::default()).as_deref(), Ok("v1"));
    }
    Ok(())
}
