//! One module on two hosts.

use admit_host::artifact::{BuildOptions, Project};
use admit_host::outcome::Failure;
use admit_host::request::Request;
use admit_host::{Abi, CompiledPolicy, RunOptions};
use serde_json::{Map, Value, json};
use wapc::WapcHost;
use wasmtime_provider::{WasmtimeEngineProviderBuilder, WasmtimeEngineProviderPre};

use crate::support;

/// What a policy made of a request, wherever it ran.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// `validate_settings` said no. The text is kept apart: guests may say it in their own words.
    SettingsInvalid,
    /// The parsed answer to `validate`.
    Verdict(Value),
    /// The guest's error text.
    Error(String),
}

/// A waPC module, loaded on both hosts.
pub(super) struct Guest {
    pub(super) here: CompiledPolicy,
    there: WasmtimeEngineProviderPre,
}

/// What the upstream host asks on behalf of a guest: namespace, operation, payload.
pub(super) type Calls = dyn Fn(&str, &str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync;

/// Builds a policy crate of this repository and returns the module.
pub(crate) fn build(folder: &str, abi: Abi) -> Vec<u8> {
    let project = Project::open(&support::repository().join(folder)).expect("the policy crate is there");
    let artifact = project.build(Some(abi), &BuildOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    std::fs::read(&artifact.path).expect("the module is readable")
}

impl Guest {
    pub(super) fn build(folder: &str) -> Self {
        let bytes = build(folder, Abi::Wapc);
        let here = CompiledPolicy::from_bytes(support::engine(), &bytes).expect("the module loads here");
        let there =
            WasmtimeEngineProviderBuilder::new().module_bytes(&bytes).build_pre().expect("the module loads there");
        Self { here, there }
    }

    /// On this project's host.
    pub(super) fn here(&self, request: &Request, settings: &Map<String, Value>, options: &RunOptions) -> Answer {
        let checked = self.here.validate_settings(settings, options);
        match checked.result {
            Ok(response) if response.valid => {}
            // The upstream SDK reports settings that it cannot decode as an error of the guest.
            Ok(_) | Err(Failure::Guest(_)) => return Answer::SettingsInvalid,
            Err(other) => panic!("the guest misbehaved: {other}"),
        }
        match self.here.validate(request, settings, options).result {
            Ok(response) => Answer::Verdict(serde_json::to_value(response).expect("answers are JSON")),
            Err(Failure::Guest(text)) => Answer::Error(text),
            Err(other) => panic!("the guest misbehaved: {other}"),
        }
    }

    /// On the upstream host.
    pub(super) fn there(&self, request: &Request, settings: &Map<String, Value>, calls: Box<Calls>) -> Answer {
        let provider = self.there.rehydrate(None).expect("there is an instance");
        let answer = move |_: u64, binding: &str, namespace: &str, operation: &str, payload: &[u8]| {
            assert_eq!(binding, "kubewarden");
            match (namespace, operation) {
                ("tracing", "log") => Ok(Vec::new()),
                _ => calls(namespace, operation, payload).map_err(Into::into),
            }
        };
        let host = WapcHost::new(Box::new(provider), Some(Box::new(answer))).expect("the module initialises");
        let settings = Value::Object(settings.clone());
        match host.call("validate_settings", settings.to_string().as_bytes()) {
            Ok(answer) if normalised(&answer)["valid"] == true => {}
            Ok(_) => return Answer::SettingsInvalid,
            Err(error) => {
                guest_error(error);
                return Answer::SettingsInvalid;
            }
        }
        let request = match request {
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
