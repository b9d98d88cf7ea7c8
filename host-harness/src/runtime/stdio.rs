//! What a guest reads and prints, in memory.

use std::collections::VecDeque;

use wasmtime::{Caller, Linker};

use super::State;
use super::failure::LimitExceeded;
use super::memory::{Guest, number, within};
use super::preview::Stream;
use super::preview::errno::{BAD_DESCRIPTOR, NOT_SEEKABLE, SUCCESS};
use crate::outcome::LimitKind;

/// Size of an `iovec` and a `ciovec`: pointer and length.
const IOVEC: u32 = 8;

/// stdin, stdout and stderr of one evaluation.
pub(crate) struct Stdio {
    stdin: VecDeque<u8>,
    stdout: Capture,
    stderr: Capture,
}

impl Stdio {
    /// A waPC or Chainloop policy's: nothing to read, and what is printed is kept up to `limit` bytes per stream.
    pub(super) fn console(limit: usize) -> Self {
        let capture = || Capture { bytes: Vec::new(), limit, dropped: 0, cut: true };
        Self { stdin: VecDeque::new(), stdout: capture(), stderr: capture() }
    }

    /// A WASI policy's: stdin holds `payload`, and printing more than `limit` bytes per stream ends the run.
    pub(super) fn pipes(payload: Vec<u8>, limit: usize) -> Self {
        let capture = || Capture { bytes: Vec::new(), limit, dropped: 0, cut: false };
        Self { stdin: payload.into(), stdout: capture(), stderr: capture() }
    }

    pub(super) fn stdout(&self) -> &[u8] {
        &self.stdout.bytes
    }

    pub(super) fn stderr(&self) -> &[u8] {
        &self.stderr.bytes
    }

    /// Appends to what the guest has not read yet, at most `limit` bytes in all.
    pub(super) fn feed(&mut self, bytes: &[u8], limit: u64) -> wasmtime::Result<()> {
        if self.stdin.len().saturating_add(bytes.len()) as u64 > limit {
            return Err(LimitExceeded { kind: LimitKind::Memory, limit }.into());
        }
        self.stdin.extend(bytes);
        Ok(())
    }

    /// stdout and stderr as texts.
    pub(super) fn into_texts(self) -> (String, String) {
        (self.stdout.into_text(), self.stderr.into_text())
    }
}

struct Capture {
    bytes: Vec<u8>,
    limit: usize,
    dropped: u64,
    /// Whether output beyond the limit is cut off; otherwise it ends the run.
    cut: bool,
}

impl Capture {
    fn push(&mut self, bytes: &[u8]) -> wasmtime::Result<()> {
        let room = self.limit - self.bytes.len();
        if !self.cut {
            within(self.bytes.len().saturating_add(bytes.len()), self.limit)?;
        }
        let (kept, rest) = bytes.split_at(bytes.len().min(room));
        self.bytes.extend_from_slice(kept);
        self.dropped = self.dropped.saturating_add(rest.len() as u64);
        Ok(())
    }

    fn into_text(self) -> String {
        let mut text = String::from_utf8_lossy(&self.bytes).into_owned();
        if self.dropped > 0 {
            text.push_str(&format!(
                "\n[{} more bytes were dropped: the limit is {} bytes]\n",
                self.dropped, self.limit
            ));
        }
        text
    }
}

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
    let looked_at = (count.min(super::MAX_COUNT) * IOVEC) as usize;
    Ok(array[..looked_at]
        .chunks_exact(IOVEC as usize)
        .map(|iovec| (number(iovec, 0, 4) as u32, number(iovec, 4, 4) as u32))
        .find(|(_, len)| *len > 0))
}
