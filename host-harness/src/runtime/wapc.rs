//! Policies that speak waPC.

use admit::wire::{PROTOCOL_VERSION, SettingsValidationResponse, ValidationResponse, operation};
use wasmtime::{Caller, InstancePre, Linker};
use wasmtime_wasi::I32Exit;

use super::failure::kubewarden_text;
use super::memory::{Guest, within};
use super::stdio::Stdio;
use super::{Answer, Broken, Session, State, on_own_thread};
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
            Broken { message: format!("internal server error: {text}"), failure: Failure::Protocol(text) }
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
        }),
        Err(CallFailure { failure, text, starting }) => Err(Broken {
            message: if starting {
                text
            } else {
                format!("Error invoking settings validation callback: GuestCallFailure({text:?})")
            },
            failure,
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

fn call(
    policy: &InstancePre<State>,
    operation: &'static str,
    payload: Vec<u8>,
    options: &RunOptions,
) -> (Result<Vec<u8>, CallFailure>, Trace) {
    let evaluation = || {
        let stdio = Stdio::console(options.limits.log);
        let mut session = Session::new(policy.module().engine(), &[], stdio, options);
        let result = exchange(&mut session, policy, operation, payload);
        (result, session.into_trace())
    };
    on_own_thread(evaluation).unwrap_or_else(|error| {
        let text = format!("no thread to run it on: {error}");
        let failure = Failure::Instantiate(text.clone());
        (Err(CallFailure { failure, text, starting: true }), Trace::default())
    })
}

/// Starts the policy and calls it once.
fn exchange(
    session: &mut Session,
    policy: &InstancePre<State>,
    operation: &'static str,
    payload: Vec<u8>,
) -> Result<Vec<u8>, CallFailure> {
    let instance = session.instantiate(policy).map_err(|error| not_started(session, &error))?;
    for name in START_FUNCTIONS {
        if instance.get_func(&mut session.store, name).is_some() {
            let started = instance
                .get_typed_func::<(), ()>(&mut session.store, name)
                .and_then(|start| start.call(&mut session.store, ()));
            match started {
                // TinyGo's `main` ends like this, and the policy goes on to be called.
                Err(error) if error.downcast_ref::<I32Exit>().is_some_and(|exit| exit.0 == 0) => {}
                Err(error) => return Err(not_started(session, &error)),
                Ok(()) => {}
            }
        }
    }

    let lengths = (operation.len() as u32, u32::try_from(payload.len()).map_err(|_| too_long(payload.len()))?);
    session.store.data_mut().invocation = Invocation { request: Some((operation, payload)), ..Invocation::default() };
    let called = instance
        .get_typed_func::<(u32, u32), i32>(&mut session.store, "__guest_call")
        .and_then(|guest_call| guest_call.call(&mut session.store, lengths));
    match called {
        Ok(code) => decide(code, &mut session.store.data_mut().invocation),
        Err(error) => {
            let failure = session.failure(&error);
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

fn not_started(session: &Session, error: &wasmtime::Error) -> CallFailure {
    let failure = session.start_failure(error);
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

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap("wapc", "__guest_request", guest_request)?;
    linker.func_wrap(
        "wapc",
        "__guest_response",
        |mut caller: Caller<'_, State>, ptr: u32, len: u32| -> wasmtime::Result<()> {
            let mut guest = Guest::new(&mut caller, "__guest_response")?;
            let response = guest.message(ptr, len)?;
            guest.state().invocation.guest_response = Some(response);
            Ok(())
        },
    )?;
    linker.func_wrap(
        "wapc",
        "__guest_error",
        |mut caller: Caller<'_, State>, ptr: u32, len: u32| -> wasmtime::Result<()> {
            let mut guest = Guest::new(&mut caller, "__guest_error")?;
            let text = guest.text("the error", ptr, len)?;
            guest.state().invocation.guest_error = Some(text);
            Ok(())
        },
    )?;
    linker.func_wrap("wapc", "__host_call", host_call)?;
    linker.func_wrap("wapc", "__host_response_len", |caller: Caller<'_, State>| {
        length(caller.data().invocation.host_response.as_deref())
    })?;
    linker.func_wrap("wapc", "__host_response", |mut caller: Caller<'_, State>, ptr: u32| -> wasmtime::Result<()> {
        let response = caller.data_mut().invocation.host_response.take();
        let written = Guest::new(&mut caller, "__host_response")?.write(ptr, response.as_deref().unwrap_or_default());
        caller.data_mut().invocation.host_response = response;
        written
    })?;
    linker.func_wrap("wapc", "__host_error_len", |caller: Caller<'_, State>| {
        length(caller.data().invocation.host_error.as_deref().map(str::as_bytes))
    })?;
    linker.func_wrap("wapc", "__host_error", |mut caller: Caller<'_, State>, ptr: u32| -> wasmtime::Result<()> {
        let error = caller.data_mut().invocation.host_error.take();
        let written =
            Guest::new(&mut caller, "__host_error")?.write(ptr, error.as_deref().unwrap_or_default().as_bytes());
        caller.data_mut().invocation.host_error = error;
        written
    })?;
    linker.func_wrap(
        "wapc",
        "__console_log",
        |mut caller: Caller<'_, State>, ptr: u32, len: u32| -> wasmtime::Result<()> {
            let mut guest = Guest::new(&mut caller, "__console_log")?;
            let (bytes, state) = guest.bytes(ptr, len)?;
            // The log has a limit of its own, and drops what is too much.
            let text = std::str::from_utf8(bytes).map_err(|error| {
                wasmtime::Error::msg(format!("__console_log: cannot convert the text to UTF8: {error}"))
            })?;
            state.host.logs.console(text);
            Ok(())
        },
    )?;
    Ok(())
}

/// Copies the message first, then the operation; does nothing when no call is going on.
fn guest_request(mut caller: Caller<'_, State>, operation_ptr: u32, message_ptr: u32) -> wasmtime::Result<()> {
    let Some(request) = caller.data_mut().invocation.request.take() else { return Ok(()) };
    let mut guest = Guest::new(&mut caller, "__guest_request")?;
    guest.write(message_ptr, &request.1)?;
    guest.write(operation_ptr, request.0.as_bytes())?;
    guest.state().invocation.request = Some(request);
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the import has eight parameters")]
fn host_call(
    mut caller: Caller<'_, State>,
    binding_ptr: u32,
    binding_len: u32,
    namespace_ptr: u32,
    namespace_len: u32,
    operation_ptr: u32,
    operation_len: u32,
    payload_ptr: u32,
    payload_len: u32,
) -> wasmtime::Result<i32> {
    let mut guest = Guest::new(&mut caller, "__host_call")?;
    let binding = guest.text("the binding", binding_ptr, binding_len)?;
    let namespace = guest.text("the namespace", namespace_ptr, namespace_len)?;
    let operation = guest.text("the operation", operation_ptr, operation_len)?;
    let payload = guest.message(payload_ptr, payload_len)?;
    let state = guest.state();
    let answer = state.host.call(&binding, namespace, operation, payload);
    let succeeded = answer.is_ok();
    (state.invocation.host_response, state.invocation.host_error) = match answer {
        Ok(response) => (Some(response), None),
        Err(error) => (None, Some(error)),
    };
    Ok(i32::from(succeeded))
}

fn length(bytes: Option<&[u8]>) -> wasmtime::Result<u32> {
    let len = bytes.map_or(0, <[u8]>::len);
    // A guest's pointers end at 4 GiB.
    u32::try_from(len).or_else(|_| within(len, u32::MAX as usize).map(|()| u32::MAX))
}
