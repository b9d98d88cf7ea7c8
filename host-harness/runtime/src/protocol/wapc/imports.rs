//! What a waPC policy can import: the nine functions of the module `wapc`.

use wasmtime::{Caller, Linker};

use super::invocation;
use crate::protocol::State;
use crate::protocol::failure::within;
use crate::protocol::memory::Guest;

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap("wapc", "__guest_request", guest_request)?;
    linker.func_wrap(
        "wapc",
        "__guest_response",
        |mut caller: Caller<'_, State>, ptr: u32, len: u32| -> wasmtime::Result<()> {
            let mut guest = Guest::new(&mut caller, "__guest_response")?;
            let response = guest.message(ptr, len)?;
            invocation(guest.state()).guest_response = Some(response);
            Ok(())
        },
    )?;
    linker.func_wrap(
        "wapc",
        "__guest_error",
        |mut caller: Caller<'_, State>, ptr: u32, len: u32| -> wasmtime::Result<()> {
            let mut guest = Guest::new(&mut caller, "__guest_error")?;
            let text = guest.text("the error", ptr, len)?;
            invocation(guest.state()).guest_error = Some(text);
            Ok(())
        },
    )?;
    linker.func_wrap("wapc", "__host_call", host_call)?;
    linker.func_wrap("wapc", "__host_response_len", |mut caller: Caller<'_, State>| {
        length(invocation(caller.data_mut()).host_response.as_deref())
    })?;
    linker.func_wrap("wapc", "__host_response", |mut caller: Caller<'_, State>, ptr: u32| -> wasmtime::Result<()> {
        let response = invocation(caller.data_mut()).host_response.take();
        let written = Guest::new(&mut caller, "__host_response")?.write(ptr, response.as_deref().unwrap_or_default());
        invocation(caller.data_mut()).host_response = response;
        written
    })?;
    linker.func_wrap("wapc", "__host_error_len", |mut caller: Caller<'_, State>| {
        length(invocation(caller.data_mut()).host_error.as_deref().map(str::as_bytes))
    })?;
    linker.func_wrap("wapc", "__host_error", |mut caller: Caller<'_, State>, ptr: u32| -> wasmtime::Result<()> {
        let error = invocation(caller.data_mut()).host_error.take();
        let written =
            Guest::new(&mut caller, "__host_error")?.write(ptr, error.as_deref().unwrap_or_default().as_bytes());
        invocation(caller.data_mut()).host_error = error;
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
    let Some(request) = invocation(caller.data_mut()).request.take() else { return Ok(()) };
    let mut guest = Guest::new(&mut caller, "__guest_request")?;
    guest.write(message_ptr, &request.1)?;
    guest.write(operation_ptr, request.0.as_bytes())?;
    invocation(guest.state()).request = Some(request);
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
    let answer = guest.host_call(
        ["the binding", "the namespace", "the operation"],
        [
            (binding_ptr, binding_len),
            (namespace_ptr, namespace_len),
            (operation_ptr, operation_len),
            (payload_ptr, payload_len),
        ],
    )?;
    let invocation = invocation(guest.state());
    let succeeded = answer.is_ok();
    (invocation.host_response, invocation.host_error) = match answer {
        Ok(response) => (Some(response), None),
        Err(error) => (None, Some(error)),
    };
    Ok(i32::from(succeeded))
}

fn length(bytes: Option<&[u8]>) -> wasmtime::Result<u32> {
    let len = bytes.map_or(0, <[u8]>::len);
    // Lengths have 32 bits in a guest; a longer message ends the run.
    u32::try_from(len).or_else(|_| within(len, u32::MAX as usize).map(|()| u32::MAX))
}
