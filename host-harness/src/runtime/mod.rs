//! Runs one operation of a policy in a fresh store.
//!
//! [`wapc`], [`wasi`] and [`extism`] know the protocols; everything else here is the same for all.

mod clock;
mod evaluation;
pub(crate) mod extism;
mod failure;
mod limiter;
mod memory;
pub(crate) mod payload;
mod poll;
mod preview;
mod random;
mod stdio;
pub(crate) mod wapc;
pub(crate) mod wasi;

use std::collections::HashMap;

use wasmtime::{Extern, Linker, Store};

pub(crate) use clock::START as FIXED_CLOCK_START;
use evaluation::Bounds;
pub(crate) use evaluation::{Answer, Evaluation, Setup, evaluate};
pub(crate) use failure::Broken;
use preview::{PREVIEW_0, PREVIEW_1};

use crate::capabilities::HostSide;
use crate::engine::Host;
use crate::inspect::{Abi, Available, signature};

/// Buffers or subscriptions in one call; POSIX systems allow as many. The host goes through them without being interrupted.
const MAX_COUNT: u32 = 1024;

/// What the host functions work on.
pub(crate) struct State {
    /// The program's arguments, its name first.
    pub(crate) args: Vec<String>,
    pub(crate) descriptors: preview::Descriptors,
    pub(crate) stdio: stdio::Stdio,
    pub(crate) clock: clock::GuestClock,
    pub(crate) random: random::Random,
    pub(crate) limiter: limiter::Limiter,
    pub(crate) host: HostSide,
    pub(crate) invocation: wapc::Invocation,
    pub(crate) extism: extism::Session,
    /// Largest message from the guest, in bytes.
    pub(crate) answer_limit: usize,
}

/// Everything that policies of one ABI can import.
pub(crate) fn host(engine: &wasmtime::Engine, abi: Abi) -> wasmtime::Result<Host> {
    let mut linker = Linker::new(engine);
    let previews: &[&str] = if abi == Abi::Chainloop { &[PREVIEW_1] } else { &[PREVIEW_1, PREVIEW_0] };
    preview::link(&mut linker, previews)?;
    // Extism ends a program in a way of its own.
    linker.allow_shadowing(true);
    match abi {
        Abi::Wapc => wapc::link(&mut linker)?,
        Abi::Wasi => wasi::link(&mut linker)?,
        Abi::Chainloop => extism::link(&mut linker)?,
    }
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
            available.entry(module).or_default().insert(name, signature(ty.params(), ty.results()));
        }
    }
    Ok(available)
}
