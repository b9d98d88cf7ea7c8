//! Reading and writing: the standard streams, in memory.

use wasmtime::{Caller, Linker};

use super::Stream;
use super::errno::{BAD_DESCRIPTOR, NOT_SEEKABLE, SUCCESS};
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
    if guest.state().descriptors.get(fd) != Some(Stream::Stdin) {
        return Ok(BAD_DESCRIPTOR);
    }
    let mut total = 0;
    if let Some((ptr, len)) = first_buffer(&mut guest, iovs, count)? {
        let (buffer, state) = guest.bytes_mut(ptr, len)?;
        let stdin = &mut state.stdio.stdin;
        let len = buffer.len().min(stdin.len());
        for (to, from) in buffer.iter_mut().zip(stdin.drain(..len)) {
            *to = from;
        }
        // Not more than the buffer, whose length is a `u32`.
        total = len as u32;
    }
    guest.write(read, &total.to_le_bytes())?;
    Ok(SUCCESS)
}

/// Writes the first buffer that is not empty, as the contract of a partial write allows.
fn fd_write(mut caller: Caller<'_, State>, fd: u32, iovs: u32, count: u32, written: u32) -> wasmtime::Result<i32> {
    let mut guest = Guest::new(&mut caller, "fd_write")?;
    let Some(stream @ (Stream::Stdout | Stream::Stderr)) = guest.state().descriptors.get(fd) else {
        return Ok(BAD_DESCRIPTOR);
    };
    let mut total = 0;
    if let Some((ptr, len)) = first_buffer(&mut guest, iovs, count)? {
        let (bytes, state) = guest.bytes(ptr, len)?;
        let capture = if stream == Stream::Stdout { &mut state.stdio.stdout } else { &mut state.stdio.stderr };
        capture.push(bytes)?;
        total = len;
    }
    guest.write(written, &total.to_le_bytes())?;
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
    first_buffer(&mut guest, iovs, count)?;
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
    first_buffer(&mut guest, iovs, count)?;
    Ok(at_offset(guest.state().descriptors.get(fd).filter(|stream| *stream != Stream::Stdin)))
}

fn at_offset(stream: Option<Stream>) -> i32 {
    if stream.is_some() { NOT_SEEKABLE } else { BAD_DESCRIPTOR }
}

fn first_buffer(guest: &mut Guest<'_, '_>, iovs: u32, count: u32) -> wasmtime::Result<Option<(u32, u32)>> {
    // An array that is too long to be counted in 32 bits is out of bounds in any case.
    let (array, _) = guest.bytes(iovs, count.saturating_mul(IOVEC))?;
    // A caller has to be ready for less than it asked for, so a very long list is looked through only so far.
    let looked_at = (count.min(MAX_COUNT) * IOVEC) as usize;
    Ok(array[..looked_at]
        .chunks_exact(IOVEC as usize)
        .map(|iovec| (number(iovec, 0, 4) as u32, number(iovec, 4, 4) as u32))
        .find(|(_, len)| *len > 0))
}
