//! Policies that speak waPC: how they are started and called, and what is made of the result.

mod imports;

use admit::wire::{PROTOCOL_VERSION, SettingsValidationResponse, ValidationResponse, operation};
use serde_json::Value;
use wasmtime::Linker;

use super::answer::ValidationResponse as Bounded;
use super::evaluation::{Answer, Evaluation, Linked, Setup, evaluate};
use super::failure::{FailedRun, kubewarden_text};
use super::preview::Exit;
use super::stdio::Stdio;
use super::{Protocol, Session, State};
use crate::abi::Abi;
use crate::options::RunOptions;
use crate::outcome::{Executed, Failure, Trace};

/// The text by which Kubewarden recognises an interrupted call, wherever it comes from.
const INTERRUPTED: &str = "guest code interrupted, execution deadline exceeded";

/// What Kubewarden makes of an interrupted `validate`.
const TIMEOUT: &str = "Policy execution interrupted because it exceeded the allowed execution time";

/// Start functions, which are called in this order if they are exported. No others are called, not even `_initialize`.
const START_FUNCTIONS: [&str; 2] = ["_start", "wapc_init"];

/// The state of a call: its request, and the responses and errors of guest and host.
#[derive(Default)]
pub(crate) struct Invocation {
    /// Operation and message; none while start functions run.
    request: Option<(&'static str, Vec<u8>)>,
    guest_response: Option<Vec<u8>>,
    guest_error: Option<String>,
    host_response: Option<Vec<u8>>,
    host_error: Option<String>,
}

/// The call of a store that was made for a waPC policy.
fn invocation(state: &mut State) -> &mut Invocation {
    match &mut state.session {
        Session::Wapc(invocation) => invocation,
        _ => unreachable!("only waPC policies are linked with the imports of waPC"),
    }
}

/// The ABI waPC.
pub(super) struct Wapc;

impl Protocol for Wapc {
    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        imports::link(linker)
    }

    fn validate(&self, policy: Linked<'_>, payload: Vec<u8>, options: &RunOptions) -> Answer<ValidationResponse> {
        let (result, trace) = call(policy, operation::VALIDATE, payload, options);
        let result = match result {
            Ok(bytes) => serde_json::from_slice::<Bounded>(&bytes).map_err(|error| {
                let text = format!("invalid response from policy: {error}");
                let said = format!("internal server error: {text}");
                FailedRun { said, failure: Failure::Protocol(text), started: true }
            }),
            Err(FailedRun { failure, said, started }) => Err(FailedRun {
                said: if said.contains(INTERRUPTED) {
                    TIMEOUT.to_owned()
                } else if started {
                    format!("internal server error: Guest call failure: {said}")
                } else {
                    format!("internal server error: {said}")
                },
                failure,
                started,
            }),
        };
        Answer { result, trace }.bounded()
    }

    fn validate_settings(
        &self,
        policy: Linked<'_>,
        payload: Vec<u8>,
        options: &RunOptions,
    ) -> Answer<SettingsValidationResponse> {
        let (result, trace) = call(policy, operation::VALIDATE_SETTINGS, payload, options);
        let result = match result {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error: serde_json::Error| FailedRun {
                said: format!("error: InvalidResponseWithError({error:?})"),
                failure: Failure::Protocol(format!("invalid response from policy: {error}")),
                started: true,
            }),
            Err(FailedRun { failure, said, started }) => Err(FailedRun {
                said: if started {
                    format!("Error invoking settings validation callback: GuestCallFailure({said:?})")
                } else {
                    said
                },
                failure,
                started,
            }),
        };
        Answer { result, trace }
    }

    fn protocol_version(&self, policy: Linked<'_>, options: &RunOptions) -> Result<String, Failure> {
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

    fn settings_schema(&self, policy: Linked<'_>, options: &RunOptions) -> Result<Option<Value>, Failure> {
        let (result, _) = call(policy, operation::SETTINGS_SCHEMA, Vec::new(), options);
        let bytes = result.map_err(|call| call.failure)?;
        serde_json::from_slice(&bytes).map_err(|error| Failure::Protocol(format!("the schema is not JSON: {error}")))
    }

    fn execute(
        &self,
        _policy: Linked<'_>,
        _input: Vec<u8>,
        _args: Option<&str>,
        _options: &RunOptions,
    ) -> (Result<Executed, FailedRun>, Trace) {
        FailedRun::not_executed(Abi::Wapc)
    }
}

fn call(
    policy: Linked<'_>,
    operation: &'static str,
    payload: Vec<u8>,
    options: &RunOptions,
) -> (Result<Vec<u8>, FailedRun>, Trace) {
    let setup = Setup {
        abi: Abi::Wapc,
        args: &[],
        stdio: Stdio::console(options.limits.log),
        session: Session::Wapc(Invocation::default()),
    };
    let work = |evaluation: &mut Evaluation| exchange(evaluation, policy, operation, payload);
    evaluate(policy, setup, options, work, |text| Err(FailedRun::at_start(text)))
}

/// Starts the policy and calls it once.
fn exchange(
    evaluation: &mut Evaluation,
    policy: Linked<'_>,
    operation: &'static str,
    payload: Vec<u8>,
) -> Result<Vec<u8>, FailedRun> {
    let instance = evaluation.instantiate(policy.instance).map_err(|error| not_started(evaluation, &error))?;
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
    *invocation(evaluation.store.data_mut()) =
        Invocation { request: Some((operation, payload)), ..Invocation::default() };
    let called = instance
        .get_typed_func::<(u32, u32), i32>(&mut evaluation.store, "__guest_call")
        .and_then(|guest_call| guest_call.call(&mut evaluation.store, lengths));
    match called {
        Ok(code) => decide(code, invocation(evaluation.store.data_mut())),
        Err(error) => {
            let failure = evaluation.failure(&error);
            let said = error_text(&failure, &error);
            let failure = explained(failure, invocation(evaluation.store.data_mut()).guest_error.take());
            Err(FailedRun { failure, said, started: true })
        }
    }
}

/// A trap right after an error, which the host of upstream drops: AssemblyScript's `abort` ends like this.
fn explained(failure: Failure, error: Option<String>) -> Failure {
    match (failure, error) {
        (Failure::Trap { cause, backtrace }, Some(error)) => {
            Failure::Trap { cause: format!("{error} ({cause})"), backtrace }
        }
        (failure, _) => failure,
    }
}

/// What a call that returned means, in upstream's order.
fn decide(code: i32, invocation: &mut Invocation) -> Result<Vec<u8>, FailedRun> {
    let response = invocation.guest_response.take().filter(|_| code != 0);
    if let Some(response) = response {
        return Ok(response);
    }
    let (failure, said) = match invocation.guest_error.take() {
        Some(text) => (Failure::Guest(text.clone()), text),
        None => {
            let text = match code {
                0 => "No error message set for call failure",
                _ => "No error message OR response set for call success",
            };
            (Failure::Protocol(text.to_owned()), text.to_owned())
        }
    };
    Err(FailedRun { failure, said, started: true })
}

fn error_text(failure: &Failure, error: &wasmtime::Error) -> String {
    match failure {
        Failure::Timeout(_) => INTERRUPTED.to_owned(),
        Failure::Limit { .. } => failure.to_string(),
        _ => kubewarden_text(error),
    }
}

fn not_started(evaluation: &Evaluation, error: &wasmtime::Error) -> FailedRun {
    let failure = evaluation.start_failure(error);
    let text = error_text(&failure, error);
    let said = match failure {
        Failure::Timeout(_) => text,
        // Upstream has the prefix twice: one is added by the engine's crate, one by waPC's.
        _ => format!("Initialization failed: Initialization failed: {text}"),
    };
    FailedRun { failure, said, started: false }
}

fn too_long(len: usize) -> FailedRun {
    FailedRun::at_start(format!("a request of {len} bytes is more than waPC can pass on"))
}
