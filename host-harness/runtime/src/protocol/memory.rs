//! The only way to a guest's memory.
//!
//! Pointers and lengths are unsigned; a range that does not lie in the memory is a trap that names the import and the
//! range. Sizes are checked before anything is copied.

use std::ops::Range;

use wasmtime::{Caller, Extern, Memory};

use super::State;
use super::failure::{TimedOut, Unanswerable, within};
use crate::calls::CallError;

#[derive(Debug, thiserror::Error)]
#[error("`{import}` was given {len} bytes at {ptr:#x}, which is outside of the {size} bytes of linear memory")]
struct OutOfBounds {
    import: &'static str,
    ptr: u32,
    len: u64,
    size: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("`{import}` was given {ptr:#x}, which is not a multiple of {alignment}")]
struct Misaligned {
    import: &'static str,
    ptr: u32,
    alignment: u32,
}

/// A guest's memory, on behalf of one import.
pub(super) struct Guest<'a, 'b> {
    caller: &'a mut Caller<'b, State>,
    memory: Memory,
    import: &'static str,
}

impl<'a, 'b> Guest<'a, 'b> {
    /// # Errors
    ///
    /// A trap when the module exports no memory; the text is upstream's.
    pub(super) fn new(caller: &'a mut Caller<'b, State>, import: &'static str) -> wasmtime::Result<Self> {
        let memory = caller.get_export("memory").and_then(Extern::into_memory);
        let memory = memory.ok_or_else(|| wasmtime::Error::msg("Cannot find 'mem' export"))?;
        Ok(Self { caller, memory, import })
    }

    /// The state of the store.
    pub(super) fn state(&mut self) -> &mut State {
        self.caller.data_mut()
    }

    /// The bytes of a range, and the state next to them.
    pub(super) fn bytes(&mut self, ptr: u32, len: u32) -> wasmtime::Result<(&[u8], &mut State)> {
        let range = self.range(ptr, u64::from(len))?;
        let (data, state) = self.memory.data_and_store_mut(&mut *self.caller);
        Ok((&data[range], state))
    }

    /// The bytes of a range to write to, and the state next to them.
    pub(super) fn bytes_mut(&mut self, ptr: u32, len: u32) -> wasmtime::Result<(&mut [u8], &mut State)> {
        let range = self.range(ptr, u64::from(len))?;
        let (data, state) = self.memory.data_and_store_mut(&mut *self.caller);
        Ok((&mut data[range], state))
    }

    /// The bytes of a record at an address that is a multiple of `alignment`, and the state next to them.
    pub(super) fn record(&mut self, ptr: u32, alignment: u32, len: u32) -> wasmtime::Result<(&[u8], &mut State)> {
        self.aligned(ptr, alignment)?;
        self.bytes(ptr, len)
    }

    /// A copy of a message from the guest.
    pub(super) fn message(&mut self, ptr: u32, len: u32) -> wasmtime::Result<Vec<u8>> {
        let (bytes, state) = self.bytes(ptr, len)?;
        within(bytes.len(), state.message_limit)?;
        Ok(bytes.to_vec())
    }

    /// A copy of a text from the guest; `what` names it in the error for one that is not UTF-8.
    pub(super) fn text(&mut self, what: &str, ptr: u32, len: u32) -> wasmtime::Result<String> {
        let import = self.import;
        let bytes = self.message(ptr, len)?;
        String::from_utf8(bytes)
            .map_err(|error| wasmtime::Error::msg(format!("{import}: cannot convert {what} to UTF8: {error}")))
    }

    /// Makes the host call whose binding, namespace, operation and payload are in these ranges. `what` names the first
    /// three in errors.
    pub(super) fn host_call(
        &mut self,
        what: [&str; 3],
        ranges: [(u32, u32); 4],
    ) -> wasmtime::Result<Result<Vec<u8>, String>> {
        let [binding, namespace, operation, (payload, len)] = ranges;
        let binding = self.text(what[0], binding.0, binding.1)?;
        let namespace = self.text(what[1], namespace.0, namespace.1)?;
        let operation = self.text(what[2], operation.0, operation.1)?;
        let payload = self.message(payload, len)?;
        answered(self.state().host.call(&binding, namespace, operation, payload))
    }

    /// Copies `bytes` to the guest.
    pub(super) fn write(&mut self, ptr: u32, bytes: &[u8]) -> wasmtime::Result<()> {
        let range = self.range(ptr, bytes.len() as u64)?;
        self.memory.data_mut(&mut *self.caller)[range].copy_from_slice(bytes);
        Ok(())
    }

    /// Copies a record to the guest, at an address that is a multiple of `alignment`.
    pub(super) fn write_record(&mut self, ptr: u32, alignment: u32, bytes: &[u8]) -> wasmtime::Result<()> {
        self.aligned(ptr, alignment)?;
        self.write(ptr, bytes)
    }

    fn aligned(&self, ptr: u32, alignment: u32) -> wasmtime::Result<()> {
        match ptr.is_multiple_of(alignment) {
            true => Ok(()),
            false => Err(Misaligned { import: self.import, ptr, alignment }.into()),
        }
    }

    /// Copies a number of 64 bits to the guest.
    pub(super) fn write_number(&mut self, ptr: u32, number: u64) -> wasmtime::Result<()> {
        self.write_record(ptr, 8, &number.to_le_bytes())
    }

    fn range(&self, ptr: u32, len: u64) -> wasmtime::Result<Range<usize>> {
        let size = self.memory.data_size(&*self.caller);
        let end = u64::from(ptr).checked_add(len).filter(|end| *end <= size as u64);
        match end {
            Some(end) => Ok(ptr as usize..end as usize),
            None => Err(OutOfBounds { import: self.import, ptr, len, size }.into()),
        }
    }
}

/// The answer as the guest gets it: bytes, or an error text.
///
/// # Errors
///
/// Ends the run for errors that the guest does not get.
pub(super) fn answered(answer: Result<Vec<u8>, CallError>) -> wasmtime::Result<Result<Vec<u8>, String>> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(CallError::Failed(text)) => Ok(Err(text)),
        Err(CallError::Unanswerable(text)) => Err(Unanswerable(text).into()),
        // As if the time were up during the call.
        Err(CallError::TimedOut) => Err(TimedOut.into()),
    }
}

/// A little-endian number of two, four or eight bytes in a record that was read from the guest.
pub(super) fn number(record: &[u8], offset: usize, width: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes[..width].copy_from_slice(&record[offset..offset + width]);
    u64::from_le_bytes(bytes)
}
