//! Policies that speak waPC: how they are started and called, and what is made of the result.

mod imports;

use admit::wire::{PROTOCOL_VERSION, SettingsValidationResponse, ValidationResponse, operation};
use serde_json::Value;
use wasmtime::InstancePre;

pub(super) use imports::link;

use super::failure::kubewarden_text;
use super::preview::Exit;
use super::stdio::Stdio;
use super::{Answer, Broken, Evaluation, Setup, State, evaluate};
use crate::inspect::Abi;
use crate::options::RunOptions;
use crate::outcome::{Failure, Trace};

/// The text by which Kubewarden recognises an interrupted call, wherever it comes from.
const INTERRUPTED: &str = "guest code interrupted, execution deadline exceeded";

/// What Kubewarden makes of an interrupted `validate`.
const TIMEOUT: &str = "Policy execution interrupted because it exceeded the allowed execution time";

/// Run in this order, when they are there; nothing else is, not even `_initialize`.
const START_FUNCTIONS: [&str; 2] = ["_start", "wapc_init"];

/// The call that is going on, and what was said in it.
#[derive(Default)]
pub(crate) struct Invocation {
    /// Operation and message; none while start functions run.
    request: Option<(&'static str, Vec<u8>)>,
    guest_response: Option<Vec<u8>>,
    guest_error: Option<String>,
    host_response: Option<Vec<u8>>,
    host_error: Option<String>,
}

/// A call that gave no answer, before it is known which operation it was.
struct CallFailure {
    failure: Failure,
    /// What upstream's waPC host says.
    text: String,
    /// Whether the policy had not even started.
    starting: bool,
}

pub(crate) fn validate(
    policy: &InstancePre<State>,
    payload: Vec<u8>,
    options: &RunOptions,
) -> Answer<ValidationResponse> {
    let (result, trace) = call(policy, operation::VALIDATE, payload, options);
    let result = match result {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
            let text = format!("invalid response from policy: {error}");
            let message = format!("internal server error: {text}");
            Broken { message, failure: Failure::Protocol(text), starting: false }
        }),
        Err(CallFailure { failure, text, starting }) => Err(Broken {
            message: if text.contains(INTERRUPTED) {
                TIMEOUT.to_owned()
            } else if starting {
                format!("internal server error: {text}")
            } else {
                format!("internal server error: Guest call failure: {text}")
            },
            failure,
            starting,
        }),
    };
    Answer { result, trace }
}

pub(crate) fn validate_settings(
    policy: &InstancePre<State>,
    payload: Vec<u8>,
    options: &RunOptions,
) -> Answer<SettingsValidationResponse> {
    let (result, trace) = call(policy, operation::VALIDATE_SETTINGS, payload, options);
    let result = match result {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error: serde_json::Error| Broken {
            message: format!("error: InvalidResponseWithError({error:?})"),
            failure: Failure::Protocol(format!("invalid response from policy: {error}")),
            starting: false,
        }),
        Err(CallFailure { failure, text, starting }) => Err(Broken {
            message: if starting {
                text
            } else {
                format!("Error invoking settings validation callback: GuestCallFailure({text:?})")
            },
            failure,
            starting,
        }),
    };
    Answer { result, trace }
}

pub(crate) fn protocol_version(policy: &InstancePre<State>, options: &RunOptions) -> Result<String, Failure> {
    let (result, _) = call(policy, operation::PROTOCOL_VERSION, Vec::new(), options);
    let bytes = result.map_err(|call| call.failure)?;
    match serde_json::from_slice::<String>(&bytes) {
        Ok(version) if version == PROTOCOL_VERSION || version == "Unknown" => Ok(version),
        Ok(version) => {
            Err(Failure::Protocol(format!("unknown protocol version {version:?}, expected {PROTOCOL_VERSION:?}")))
        }
        Err(error) => Err(Failure::Protocol(format!("the protocol version is not a JSON string: {error}"))),
    }
}

pub(crate) fn settings_schema(policy: &InstancePre<State>, options: &RunOptions) -> Result<Option<Value>, Failure> {
    let (result, _) = call(policy, operation::SETTINGS_SCHEMA, Vec::new(), options);
    let bytes = result.map_err(|call| call.failure)?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::Protocol(format!("the schema is not JSON: {error}")))
}

fn call(
    policy: &InstancePre<State>,
    operation: &'static str,
    payload: Vec<u8>,
    options: &RunOptions,
) -> (Result<Vec<u8>, CallFailure>, Trace) {
    let setup = Setup { abi: Abi::Wapc, args: &[], stdio: Stdio::console(options.limits.log) };
    let not_run = |text: String| Err(CallFailure { failure: Failure::Instantiate(text.clone()), text, starting: true });
    evaluate(policy, setup, options, |evaluation| exchange(evaluation, policy, operation, payload), not_run)
}

/// Starts the policy and calls it once.
fn exchange(
    evaluation: &mut Evaluation,
    policy: &InstancePre<State>,
    operation: &'static str,
    payload: Vec<u8>,
) -> Result<Vec<u8>, CallFailure> {
    let instance = evaluation.instantiate(policy).map_err(|error| not_started(evaluation, &error))?;
    for name in START_FUNCTIONS {
        if instance.get_func(&mut evaluation.store, name).is_some() {
            let started = instance
                .get_typed_func::<(), ()>(&mut evaluation.store, name)
                .and_then(|start| start.call(&mut evaluation.store, ()));
            match started {
                // TinyGo's `main` ends like this, and the policy goes on to be called.
                Err(error) if error.downcast_ref::<Exit>().is_some_and(|exit| exit.0 == 0) => {}
                Err(error) => return Err(not_started(evaluation, &error)),
                Ok(()) => {}
            }
        }
    }

    let lengths = (operation.len() as u32, u32::try_from(payload.len()).map_err(|_| too_long(payload.len()))?);
    evaluation.store.data_mut().invocation =
        Invocation { request: Some((operation, payload)), ..Invocation::default() };
    let called = instance
        .get_typed_func::<(u32, u32), i32>(&mut evaluation.store, "__guest_call")
        .and_then(|guest_call| guest_call.call(&mut evaluation.store, lengths));
    match called {
        Ok(code) => decide(code, &mut evaluation.store.data_mut().invocation),
        Err(error) => {
            let failure = evaluation.failure(&error);
            let text = error_text(&failure, &error);
            Err(CallFailure { failure, text, starting: false })
        }
    }
}

/// What a call that returned means, in upstream's order.
fn decide(code: i32, invocation: &mut Invocation) -> Result<Vec<u8>, CallFailure> {
    let response = invocation.guest_response.take().filter(|_| code != 0);
    if let Some(response) = response {
        return Ok(response);
    }
    let (failure, text) = match invocation.guest_error.take() {
        Some(text) => (Failure::Guest(text.clone()), text),
        None => {
            let text = match code {
                0 => "No error message set for call failure",
                _ => "No error message OR response set for call success",
            };
            (Failure::Protocol(text.to_owned()), text.to_owned())
        }
    };
    Err(CallFailure { failure, text, starting: false })
}

fn error_text(failure: &Failure, error: &wasmtime::Error) -> String {
    match failure {
        Failure::Timeout(_) => INTERRUPTED.to_owned(),
        Failure::Limit { .. } => failure.to_string(),
        _ => kubewarden_text(error),
    }
}

fn not_started(evaluation: &Evaluation, error: &wasmtime::Error) -> CallFailure {
    let failure = evaluation.start_failure(error);
    let text = error_text(&failure, error);
    let text = match failure {
        Failure::Timeout(_) => text,
        // Said twice upstream as well: once by the engine's side, once by waPC's.
        _ => format!("Initialization failed: Initialization failed: {text}"),
    };
    CallFailure { failure, text, starting: true }
}

fn too_long(len: usize) -> CallFailure {
    let text = format!("a request of {len} bytes is more than waPC can pass on");
    CallFailure { failure: Failure::Instantiate(text.clone()), text, starting: true }
}
