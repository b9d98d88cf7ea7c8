//! What a plug-in can import: Extism's functions, and the one that Chainloop adds.

mod asked;
mod bytes;
mod told;

use wasmtime::{Caller, Linker};

use super::{Call, Panic};
use crate::abi::PREVIEW_1;
use crate::calls::HostSide;
use crate::protocol::limiter::Limiter;
use crate::protocol::preview::Exit;
use crate::protocol::{Session, State};

/// Where Extism's functions are.
const ENV: &str = "extism:host/env";

type Result<T> = wasmtime::Result<T>;

/// The call, and the parts of the evaluation that imports use with it.
struct Parts<'a> {
    call: &'a mut Call,
    limiter: &'a mut Limiter,
    host: &'a mut HostSide,
    /// Largest message to the host, in bytes.
    message_limit: usize,
}

/// # Errors
///
/// Ends the run when there is no call: a start section ran into an import.
fn parts<'a>(caller: &'a mut Caller<'_, State>) -> Result<Parts<'a>> {
    let State { session, limiter, host, message_limit, .. } = caller.data_mut();
    match session {
        Session::Extism(super::Session(Some(call))) => Ok(Parts { call, limiter, host, message_limit: *message_limit }),
        _ => Err(Panic("Invalid context, `extism` key not found".to_owned()).into()),
    }
}

pub(super) fn link(linker: &mut Linker<State>) -> Result<()> {
    bytes::link(linker)?;
    told::link(linker)?;
    asked::link(linker)?;
    // Every code ends the run, also those that WASI does not allow.
    linker.func_wrap(PREVIEW_1, "proc_exit", |code: i32| -> Result<()> { Err(Exit(code).into()) })?;
    Ok(())
}
