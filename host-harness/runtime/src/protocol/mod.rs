//! How each ABI is spoken: one operation of a policy in a fresh store.
//!
//! [`wapc`], [`wasi`] and [`extism`] are the ABIs, each a [`Protocol`]; everything else here is the same for all.

mod answer;
mod clock;
mod deadline;
mod evaluation;
pub(crate) mod extism;
mod failure;
mod limiter;
mod memory;
mod places;
mod preview;
mod random;
mod stack;
mod stdio;
mod wapc;
mod wasi;

use std::collections::HashMap;

use admit::wire::{SettingsValidationResponse, ValidationResponse};
use serde_json::Value;
use wasmtime::{Extern, Linker, Store};

pub(crate) use deadline::TICK;
pub(crate) use evaluation::{Answer, Linked};
pub(crate) use failure::{FailedRun, is_out_of_memory};
pub(crate) use places::Places;

use crate::abi::Abi;
use crate::calls::HostSide;
use crate::inspect::{Available, ExternType};
use crate::options::RunOptions;
use crate::outcome::{Executed, Failure, Trace};

/// How an ABI is spoken. What an ABI has no operation for is a failure.
pub(crate) trait Protocol: Sync {
    /// Adds what only guests of this ABI can import.
    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()>;

    /// Asks about a request, which is in the payload together with the settings.
    fn validate(&self, policy: Linked<'_>, payload: Vec<u8>, options: &RunOptions) -> Answer<ValidationResponse>;

    /// Asks about settings.
    fn validate_settings(
        &self,
        policy: Linked<'_>,
        payload: Vec<u8>,
        options: &RunOptions,
    ) -> Answer<SettingsValidationResponse>;

    /// Asks for the protocol version.
    fn protocol_version(&self, policy: Linked<'_>, options: &RunOptions) -> Result<String, Failure>;

    /// Asks for the JSON Schema of the settings.
    fn settings_schema(&self, policy: Linked<'_>, options: &RunOptions) -> Result<Option<Value>, Failure>;

    /// Executes the policy on a material.
    fn execute(
        &self,
        policy: Linked<'_>,
        input: Vec<u8>,
        args: Option<&str>,
        options: &RunOptions,
    ) -> (Result<Executed, FailedRun>, Trace);
}

/// How this ABI is spoken.
pub(crate) fn of(abi: Abi) -> &'static dyn Protocol {
    match abi {
        Abi::Wapc => &wapc::Wapc,
        Abi::Wasi => &wasi::Wasi,
        Abi::Extism => &extism::Extism,
    }
}

/// The state of a call that is specific to the ABI.
pub(crate) enum Session {
    Wapc(wapc::Invocation),
    Wasi,
    Extism(extism::Session),
}

/// Buffers or subscriptions in one call; POSIX systems allow as many. The host goes through them without being interrupted.
const MAX_COUNT: u32 = 1024;

/// The data of a store, which the host functions use.
pub(crate) struct State {
    /// The program's arguments, its name first.
    pub(crate) args: Vec<String>,
    pub(crate) descriptors: preview::Descriptors,
    pub(crate) stdio: stdio::Stdio,
    pub(crate) clock: clock::GuestClock,
    pub(crate) random: random::Random,
    pub(crate) limiter: limiter::Limiter,
    pub(crate) host: HostSide,
    pub(crate) session: Session,
    /// When the run has to be over. Host functions that work for long look at it as they go.
    pub(crate) deadline: crate::deadline::Deadline,
    /// Largest message from the guest, in bytes.
    pub(crate) message_limit: usize,
}

/// What one ABI offers to its guests.
pub(crate) struct Host {
    pub(crate) linker: Linker<State>,
    pub(crate) available: Available,
}

/// Everything that policies of one ABI can import.
pub(crate) fn host(engine: &wasmtime::Engine, abi: Abi) -> wasmtime::Result<Host> {
    let mut linker = Linker::new(engine);
    preview::link(&mut linker, abi.traits())?;
    // Extism's own `proc_exit` replaces that of WASI.
    linker.allow_shadowing(true);
    of(abi).link(&mut linker)?;
    linker.allow_shadowing(false);
    let available = available(engine, &linker)?;
    Ok(Host { linker, available })
}

fn available(engine: &wasmtime::Engine, linker: &Linker<State>) -> wasmtime::Result<Available> {
    let mut store = Store::new(engine, evaluation::idle());
    let functions: Vec<_> =
        linker.iter(&mut store).map(|(module, name, item)| (module.to_owned(), name.to_owned(), item)).collect();
    let mut available: Available = HashMap::new();
    for (module, name, item) in functions {
        if let Extern::Func(function) = item {
            let ty = function.ty(&store);
            available.entry(module).or_default().insert(name, ExternType::function(ty.params(), ty.results()));
        }
    }
    Ok(available)
}
