//! Policies that are WASI programs.

use admit::wire::{SettingsValidationResponse, ValidationResponse, argument};
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasmtime::{Caller, Linker};

use super::answer::ValidationResponse as Bounded;
use super::evaluation::{Answer, Evaluation, Linked, Setup, evaluate};
use super::failure::{FailedRun, kubewarden_text};
use super::memory::Guest;
use super::preview::Exit;
use super::stdio::Stdio;
use super::{Protocol, Session, State};
use crate::abi::Abi;
use crate::options::RunOptions;
use crate::outcome::{Executed, Failure, Trace};
use crate::panics::Panic;

/// `argv[0]` of every policy.
const ARGV_0: &str = "policy.wasm";

/// The modules from which the host call can be imported; JavaScript policies use the second.
const HOST_MODULES: [&str; 2] = ["host", "kubewarden:javy/host"];

/// The ABI of WASI programs.
pub(super) struct Wasi;

impl Protocol for Wasi {
    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        for module in HOST_MODULES {
            linker.func_wrap(module, "call", host_call)?;
        }
        Ok(())
    }

    fn validate(&self, policy: Linked<'_>, payload: Vec<u8>, options: &RunOptions) -> Answer<ValidationResponse> {
        answer::<Bounded>(policy, argument::VALIDATE, payload, options, "internal server error: ", "policy").bounded()
    }

    fn validate_settings(
        &self,
        policy: Linked<'_>,
        payload: Vec<u8>,
        options: &RunOptions,
    ) -> Answer<SettingsValidationResponse> {
        answer(policy, argument::VALIDATE_SETTINGS, payload, options, "", "settings")
    }

    fn protocol_version(&self, _policy: Linked<'_>, _options: &RunOptions) -> Result<String, Failure> {
        Err(Failure::Protocol("WASI policies have no protocol version".to_owned()))
    }

    fn settings_schema(&self, policy: Linked<'_>, options: &RunOptions) -> Result<Option<Value>, Failure> {
        let answer = answer(policy, argument::SETTINGS_SCHEMA, Vec::new(), options, "", "settings schema");
        answer.result.map_err(|run| run.failure)
    }

    fn execute(
        &self,
        _policy: Linked<'_>,
        _input: Vec<u8>,
        _args: Option<&str>,
        _options: &RunOptions,
    ) -> (Result<Executed, FailedRun>, Trace) {
        FailedRun::not_executed(Abi::Wasi)
    }
}

/// Runs the program and reads its answer. `prefix` and `what` are the difference between Kubewarden's texts for the two
/// operations.
fn answer<T: DeserializeOwned + Send>(
    policy: Linked<'_>,
    argument: &str,
    payload: Vec<u8>,
    options: &RunOptions,
    prefix: &str,
    what: &str,
) -> Answer<T> {
    let work = |evaluation: &mut Evaluation| {
        run(evaluation, policy, prefix).and_then(|()| {
            let stdout = text("stdout", evaluation.store.data().stdio.stdout())?;
            serde_json::from_str(stdout).map_err(|error| FailedRun {
                said: format!("{prefix}Cannot deserialize {what} validation response: {error}"),
                failure: Failure::Protocol(format!("the answer on stdout cannot be read: {error}")),
                started: true,
            })
        })
    };
    let args = [ARGV_0, argument];
    let setup = Setup {
        abi: Abi::Wasi,
        args: &args,
        stdio: Stdio::pipes(payload, options.limits.message),
        session: Session::Wasi,
    };
    let (result, trace) = evaluate(policy, setup, options, work, |text| Err(FailedRun::at_start(text)));
    Answer { result, trace }
}

/// Runs the program to its end; a successful one leaves its answer on stdout.
fn run(evaluation: &mut Evaluation, policy: Linked<'_>, prefix: &str) -> Result<(), FailedRun> {
    let instance = evaluation.instantiate(policy.instance).map_err(|error| FailedRun {
        failure: evaluation.start_failure(&error),
        said: format!("{prefix}{}", kubewarden_text(&error)),
        started: false,
    })?;
    let ended = instance
        .get_typed_func::<(), ()>(&mut evaluation.store, "_start")
        .and_then(|start| start.call(&mut evaluation.store, ()));
    let Err(error) = ended else { return Ok(()) };
    let exit = error.downcast_ref::<Exit>();
    if exit.is_some_and(|exit| exit.0 == 0) {
        return Ok(());
    }
    // The message is what the program wrote to stderr, whatever ended the program, the time limit included.
    let stderr = text("stderr", evaluation.store.data().stdio.stderr())?.trim().to_owned();
    let failure = match exit {
        Some(exit) => exited(exit.0, &stderr),
        None => evaluation.failure(&error),
    };
    Err(FailedRun { failure, said: stderr, started: true })
}

/// What an exit code other than 0 means: a policy that ended itself reports an error, one whose runtime ended it has trapped.
fn exited(code: i32, stderr: &str) -> Failure {
    match Panic::find(stderr).filter(|panic| panic.runtime.exits_with(code)) {
        Some(panic) => {
            let backtrace = Some(panic.rest.to_owned()).filter(|rest| !rest.is_empty());
            Failure::Trap { cause: format!("it exited with code {code}"), backtrace }
        }
        None if stderr.is_empty() => Failure::Guest(format!("it exited with code {code} and wrote nothing to stderr")),
        None => Failure::Guest(stderr.to_owned()),
    }
}

fn text<'a>(stream: &str, bytes: &'a [u8]) -> Result<&'a str, FailedRun> {
    std::str::from_utf8(bytes).map_err(|error| {
        let said = format!("{stream} pipe conversion error: Cannot convert buffer to UTF8 string: {error}");
        FailedRun { failure: Failure::Protocol(said.clone()), said, started: true }
    })
}

/// Puts the answer on stdin. 0 is success here, while waPC's host call says 1.
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
    let mut guest = Guest::new(&mut caller, "host_call")?;
    let answer = guest.host_call(
        ["bd", "ns", "op"],
        [
            (binding_ptr, binding_len),
            (namespace_ptr, namespace_len),
            (operation_ptr, operation_len),
            (payload_ptr, payload_len),
        ],
    )?;
    let state = guest.state();
    let failed = answer.is_err();
    let bytes = answer.unwrap_or_else(String::into_bytes);
    let limit = state.limiter.limit();
    state.stdio.feed(&bytes, limit)?;
    Ok(i32::from(failed))
}
