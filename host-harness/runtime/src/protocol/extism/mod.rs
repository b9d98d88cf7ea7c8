//! Extism plug-ins, as Chainloop's host runs them: how they are started and called, and what is made of the result.
//!
//! Where hosts of Extism plug-ins differ, this one does as Chainloop's, which is a Go program: the result of `Execute` is
//! ignored, a trap hides an error that was set before, and `proc_exit(0)` counts as a return.

mod arena;
mod call;
pub(crate) mod client;
mod free_list;
mod http;
mod imports;
mod vars;

use admit::wire::{SettingsValidationResponse, ValidationResponse, argument};
use arena::Arena;
use serde_json::Value;
use vars::Vars;
use wasmtime::Linker;

use super::evaluation::{Answer, Linked};
use super::failure::FailedRun;
use super::limiter::Limiter;
use super::{Protocol, State};
use crate::options::{LogLevel, RunOptions};
use crate::outcome::{Executed, Failure, Trace};

/// The ABI of Extism plug-ins.
pub(super) struct Extism;

impl Protocol for Extism {
    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        imports::link(linker)
    }

    fn validate(&self, _policy: Linked<'_>, _payload: Vec<u8>, _options: &RunOptions) -> Answer<ValidationResponse> {
        not_asked("internal server error: ")
    }

    fn validate_settings(
        &self,
        _policy: Linked<'_>,
        _payload: Vec<u8>,
        _options: &RunOptions,
    ) -> Answer<SettingsValidationResponse> {
        not_asked("")
    }

    fn protocol_version(&self, _policy: Linked<'_>, _options: &RunOptions) -> Result<String, Failure> {
        Err(Failure::Protocol("Chainloop policies have no protocol version".to_owned()))
    }

    fn settings_schema(&self, policy: Linked<'_>, options: &RunOptions) -> Result<Option<Value>, Failure> {
        let (result, trace) = self.execute(policy, Vec::new(), Some(argument::SETTINGS_SCHEMA), options);
        let output = result.map_err(|run| trace.explained(run.failure))?.output;
        serde_json::from_slice(&output).map_err(|error| Failure::Protocol(format!("the schema is not JSON: {error}")))
    }

    fn execute(
        &self,
        policy: Linked<'_>,
        input: Vec<u8>,
        args: Option<&str>,
        options: &RunOptions,
    ) -> (Result<Executed, FailedRun>, Trace) {
        call::execute(policy, input, args, options)
    }
}

/// The answer of a Chainloop policy that is asked to validate; `prefix` is Kubewarden's, in front of its error text.
fn not_asked<T>(prefix: &str) -> Answer<T> {
    let text = "a Chainloop policy has no settings and validates no requests, it is executed on a material";
    let failure = Failure::Protocol(text.to_owned());
    Answer {
        result: Err(FailedRun { failure, said: format!("{prefix}{text}"), started: false }),
        trace: Trace::default(),
    }
}

/// Ends a run with the text of a Go panic: what Chainloop's host does when a host function fails.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
struct Panic(String);

/// The host's side of a plug-in. There is no call as long as the module is being instantiated.
#[derive(Default)]
pub(crate) struct Session(Option<Call>);

/// The state of a call.
struct Call {
    arena: Arena,
    /// Offset of the input at the start of the call. `input_load_u64` always reads there, even after `input_set`.
    given: u64,
    /// Offset and length.
    input: (u64, u64),
    output: (u64, u64),
    /// The block with the error; 0 when there is none.
    error: u64,
    args: Option<String>,
    vars: Vars,
    log_level: LogLevel,
    allowed_hostnames: Vec<String>,
    /// Status of the last HTTP response.
    status: u16,
}

impl Session {
    /// Begins the call; its input is moved, not copied.
    fn begin(
        &mut self,
        input: Vec<u8>,
        args: Option<&str>,
        options: &RunOptions,
        limiter: &mut Limiter,
    ) -> wasmtime::Result<()> {
        let arena = Arena::new(input, limiter)?;
        let input = arena.input();
        self.0 = Some(Call {
            arena,
            given: input.0,
            input,
            output: (0, 0),
            error: 0,
            args: args.map(str::to_owned),
            vars: Vars::default(),
            log_level: options.chainloop.log_level,
            allowed_hostnames: options.chainloop.allowed_hostnames.clone(),
            status: 0,
        });
        Ok(())
    }

    /// What the guest set as its error; none without one, and an empty one is none.
    fn error(&self) -> Option<&[u8]> {
        let call = self.0.as_ref()?;
        Some(call.arena.block(call.error)).filter(|text| !text.is_empty())
    }

    /// How long the output is.
    fn output_len(&self) -> u64 {
        self.0.as_ref().map_or(0, |call| call.output.1)
    }

    /// What the guest set as its output; nothing without one.
    fn output(&self) -> Vec<u8> {
        self.0.as_ref().and_then(|call| call.arena.bytes(call.output.0, call.output.1)).unwrap_or_default()
    }
}

impl Call {
    /// Frees a block. When it is the input, the input is empty afterwards.
    fn free(&mut self, offset: u64) {
        if self.arena.length(offset) > 0 && offset == self.input.0 {
            self.input.1 = 0;
        }
        self.arena.free(offset);
    }

    /// A copy of a block, which is freed, as the host does with what it was given.
    fn take(&mut self, offset: u64) -> Vec<u8> {
        let bytes = self.arena.block(offset).to_vec();
        self.free(offset);
        bytes
    }

    /// Frees everything.
    fn reset(&mut self) {
        self.arena.reset();
        (self.input, self.output, self.error) = Default::default();
    }

    /// Whether a range lies where blocks can lie.
    fn holds(&self, offset: u64, len: u64) -> bool {
        let last = offset.checked_add(len).and_then(|end| end.checked_sub(1));
        self.arena.contains(offset) && last.is_some_and(|last| self.arena.contains(last))
    }
}
