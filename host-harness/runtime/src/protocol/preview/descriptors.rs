//! File descriptors: the three standard streams, until the guest closes them.

use wasmtime::{Caller, Linker};

use super::PREVIEW_0;
use super::errno::{BAD_DESCRIPTOR, SUCCESS};
use crate::protocol::State;
use crate::protocol::memory::Guest;

/// What a guest may do with a stream, as `fdstat` says it.
const RIGHT_READ: u64 = 1 << 1;
const RIGHT_WRITE: u64 = 1 << 6;

/// Size and alignment of the records. A link count has four bytes less in preview 0.
const FDSTAT: usize = 24;
const FILESTAT_0: usize = 56;
const FILESTAT_1: usize = 64;
const ALIGNMENT: u32 = 8;

/// A standard stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocol) enum Stream {
    Stdin,
    Stdout,
    Stderr,
}

/// The open descriptors of one evaluation. A guest can open none, so there are never more than at the start.
pub(crate) struct Descriptors([Option<Stream>; 3]);

impl Default for Descriptors {
    fn default() -> Self {
        Self([Some(Stream::Stdin), Some(Stream::Stdout), Some(Stream::Stderr)])
    }
}

impl Descriptors {
    /// The stream that is open under this number.
    pub(in crate::protocol) fn get(&self, fd: u32) -> Option<Stream> {
        self.0.get(fd as usize).copied().flatten()
    }

    fn close(&mut self, fd: u32) -> i32 {
        match self.0.get_mut(fd as usize).and_then(Option::take) {
            Some(_) => SUCCESS,
            None => BAD_DESCRIPTOR,
        }
    }

    /// Closes `to`, and gives its number to what is open as `from`.
    fn renumber(&mut self, from: u32, to: u32) -> i32 {
        if self.get(from).is_none() || self.get(to).is_none() {
            return BAD_DESCRIPTOR;
        }
        if from != to {
            self.0[to as usize] = self.0[from as usize].take();
        }
        SUCCESS
    }
}

pub(super) fn link(linker: &mut Linker<State>, preview: &str) -> wasmtime::Result<()> {
    linker.func_wrap(preview, "fd_close", |mut caller: Caller<'_, State>, fd: u32| -> wasmtime::Result<i32> {
        Ok(Guest::new(&mut caller, "fd_close")?.state().descriptors.close(fd))
    })?;
    linker.func_wrap(preview, "fd_renumber", |mut caller: Caller<'_, State>, from: u32, to: u32| {
        wasmtime::Result::Ok(Guest::new(&mut caller, "fd_renumber")?.state().descriptors.renumber(from, to))
    })?;
    linker.func_wrap(preview, "fd_fdstat_get", |mut caller: Caller<'_, State>, fd: u32, record: u32| {
        let mut guest = Guest::new(&mut caller, "fd_fdstat_get")?;
        let rights = match guest.state().descriptors.get(fd) {
            None => return Ok(BAD_DESCRIPTOR),
            Some(Stream::Stdin) => RIGHT_READ,
            Some(Stream::Stdout | Stream::Stderr) => RIGHT_WRITE,
        };
        // No type, since a stream is no terminal, and no flags.
        let mut stat = [0; FDSTAT];
        stat[8..16].copy_from_slice(&rights.to_le_bytes());
        stat[16..].copy_from_slice(&rights.to_le_bytes());
        guest.write_record(record, ALIGNMENT, &stat)?;
        wasmtime::Result::Ok(SUCCESS)
    })?;
    let size = if preview == PREVIEW_0 { FILESTAT_0 } else { FILESTAT_1 };
    linker.func_wrap(preview, "fd_filestat_get", move |mut caller: Caller<'_, State>, fd: u32, record: u32| {
        let mut guest = Guest::new(&mut caller, "fd_filestat_get")?;
        if guest.state().descriptors.get(fd).is_none() {
            return Ok(BAD_DESCRIPTOR);
        }
        // All fields are 0: nothing is known of a stream.
        guest.write_record(record, ALIGNMENT, &[0; FILESTAT_1][..size])?;
        wasmtime::Result::Ok(SUCCESS)
    })?;
    Ok(())
}
