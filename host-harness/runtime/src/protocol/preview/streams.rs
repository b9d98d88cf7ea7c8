//! Reading and writing: the standard streams, in memory.

use wasmtime::{Caller, Linker};

use super::errno::{BAD_DESCRIPTOR, NO_MEMORY, NOT_SEEKABLE, SUCCESS};
use super::{CALL_BUDGET, Stream};
use crate::protocol::memory::{Guest, number};
use crate::protocol::{MAX_COUNT, State};

/// Size of an `iovec` and a `ciovec`: pointer and length.
const IOVEC: u32 = 8;

pub(super) fn link(linker: &mut Linker<State>, previews: &[&str]) -> wasmtime::Result<()> {
    for module in previews {
        linker.func_wrap(module, "fd_read", fd_read)?;
        linker.func_wrap(module, "fd_write", fd_write)?;
        linker.func_wrap(module, "fd_pread", fd_pread)?;
        linker.func_wrap(module, "fd_pwrite", fd_pwrite)?;
    }
    Ok(())
}

/// Reads into the first buffer that is not empty. No bytes means that there are none right now: a host call can bring more.
fn fd_read(mut caller: Caller<'_, State>, fd: u32, iovs: u32, count: u32, read: u32) -> wasmtime::Result<i32> {
    let mut guest = Guest::new(&mut caller, "fd_read")?;
    let buffer = match first_buffer(&mut guest, iovs, count)? {
        Found::Buffer(ptr, len) => (ptr, len),
        Found::Nothing => (0, 0),
        Found::TooMuch => return Ok(NO_MEMORY),
    };
    if guest.state().descriptors.get(fd) != Some(Stream::Stdin) {
        return Ok(BAD_DESCRIPTOR);
    }
    // Only what is read has to be inside of memory.
    let len = guest.state().stdio.stdin.len().min(buffer.1 as usize);
    let (buffer, state) = guest.bytes_mut(buffer.0, len as u32)?;
    for (to, from) in buffer.iter_mut().zip(state.stdio.stdin.drain(..len)) {
        *to = from;
    }
    guest.write_record(read, 4, &(len as u32).to_le_bytes())?;
    Ok(SUCCESS)
}

/// Writes the first buffer that is not empty, as the contract of a partial write allows.
fn fd_write(mut caller: Caller<'_, State>, fd: u32, iovs: u32, count: u32, written: u32) -> wasmtime::Result<i32> {
    let mut guest = Guest::new(&mut caller, "fd_write")?;
    let buffer = match first_buffer(&mut guest, iovs, count)? {
        Found::Buffer(ptr, len) => (ptr, len),
        Found::Nothing => (0, 0),
        Found::TooMuch => return Ok(NO_MEMORY),
    };
    let Some(stream @ (Stream::Stdout | Stream::Stderr)) = guest.state().descriptors.get(fd) else {
        return Ok(BAD_DESCRIPTOR);
    };
    let (bytes, state) = guest.bytes(buffer.0, buffer.1)?;
    let capture = if stream == Stream::Stdout { &mut state.stdio.stdout } else { &mut state.stdio.stderr };
    capture.push(bytes)?;
    guest.write_record(written, 4, &buffer.1.to_le_bytes())?;
    Ok(SUCCESS)
}

/// Reading at an offset, which needs a file.
fn fd_pread(
    mut caller: Caller<'_, State>,
    fd: u32,
    iovs: u32,
    count: u32,
    _offset: u64,
    _read: u32,
) -> wasmtime::Result<i32> {
    let mut guest = Guest::new(&mut caller, "fd_pread")?;
    if let Found::TooMuch = first_buffer(&mut guest, iovs, count)? {
        return Ok(NO_MEMORY);
    }
    Ok(at_offset(guest.state().descriptors.get(fd).filter(|stream| *stream == Stream::Stdin)))
}

/// Writing at an offset, which needs a file.
fn fd_pwrite(
    mut caller: Caller<'_, State>,
    fd: u32,
    iovs: u32,
    count: u32,
    _offset: u64,
    _written: u32,
) -> wasmtime::Result<i32> {
    let mut guest = Guest::new(&mut caller, "fd_pwrite")?;
    if let Found::TooMuch = first_buffer(&mut guest, iovs, count)? {
        return Ok(NO_MEMORY);
    }
    Ok(at_offset(guest.state().descriptors.get(fd).filter(|stream| *stream != Stream::Stdin)))
}

fn at_offset(stream: Option<Stream>) -> i32 {
    if stream.is_some() { NOT_SEEKABLE } else { BAD_DESCRIPTOR }
}

/// The buffer of a list that a call uses.
enum Found {
    /// Pointer and length of the first buffer that is not empty.
    Buffer(u32, u32),
    /// All of them are empty.
    Nothing,
    /// More bytes than [`CALL_BUDGET`].
    TooMuch,
}

/// Finds the first buffer of a list that is not empty. The rest of the list is not read.
fn first_buffer(guest: &mut Guest<'_, '_>, iovs: u32, count: u32) -> wasmtime::Result<Found> {
    let mut budget = CALL_BUDGET;
    let Some(left) = budget.checked_sub(u64::from(count) * u64::from(IOVEC)) else { return Ok(Found::TooMuch) };
    budget = left;
    // A caller has to be ready for less than it asked for, so a very long list is looked through only so far.
    for index in 0..count.min(MAX_COUNT) {
        let (iovec, _) = guest.record(iovs.saturating_add(index * IOVEC), 4, IOVEC)?;
        let (ptr, len) = (number(iovec, 0, 4) as u32, number(iovec, 4, 4) as u32);
        if len > 0 {
            return Ok(if u64::from(len) > budget { Found::TooMuch } else { Found::Buffer(ptr, len) });
        }
    }
    Ok(Found::Nothing)
}
