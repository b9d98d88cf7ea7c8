//! WASI preview 1, and preview 0 beside it, for programs that have no files and no sockets.
//!
//! A policy has stdin, stdout and stderr, its arguments, an empty environment, clocks and random bytes, and nothing is opened for it.
//! Every function of both previews is there, since what a toolchain links imports many that a policy never calls; those
//! for files and sockets answer as the upstream host does when there are none. The tests compare these with `wasmtime-wasi`.

mod clocks;
mod descriptors;
mod flags;
mod poll;
mod process;
mod random;
mod refused;
mod streams;

use wasmtime::Linker;

use super::State;
use crate::abi::{PREVIEW_0, Traits};
pub(crate) use descriptors::Descriptors;
pub(super) use descriptors::Stream;
pub(super) use process::Exit;

/// Error numbers of WASI, as functions return them.
pub(super) mod errno {
    pub(in crate::protocol) const SUCCESS: i32 = 0;
    pub(in crate::protocol) const BAD_DESCRIPTOR: i32 = 8;
    pub(in crate::protocol) const NOT_UTF8: i32 = 25;
    pub(in crate::protocol) const INVALID: i32 = 28;
    pub(in crate::protocol) const NO_MEMORY: i32 = 48;
    pub(in crate::protocol) const NOT_DIRECTORY: i32 = 54;
    pub(in crate::protocol) const NOT_SOCKET: i32 = 57;
    pub(in crate::protocol) const NOT_SUPPORTED: i32 = 58;
    pub(in crate::protocol) const NOT_SEEKABLE: i32 = 70;
}

/// Most bytes that one call can read or write: the limit of upstream's host.
const CALL_BUDGET: u64 = 128 << 20;

/// Adds every function of the previews that an ABI has.
pub(super) fn link(linker: &mut Linker<State>, traits: &Traits) -> wasmtime::Result<()> {
    let previews = traits.previews;
    for preview in previews {
        clocks::link(linker, preview)?;
        descriptors::link(linker, preview)?;
        process::link(linker, preview)?;
        refused::link(linker, preview)?;
    }
    streams::link(linker, previews)?;
    random::link(linker, previews)?;
    poll::link(linker, previews, traits.polls)
}
