//! How much memory a guest may have.

use wasmtime::ResourceLimiter;

use super::failure::{Exhausted, LimitExceeded};
use crate::outcome::LimitKind;

/// What a table element costs the host, in bytes.
const TABLE_ELEMENT: u64 = 8;

/// Most tables and memories of a module: far more than toolchains make.
const MAX_TABLES: usize = 64;
const MAX_MEMORIES: usize = 16;

/// Ends the run as soon as linear memories, tables and the memory that the host keeps for the guest together exceed the
/// limit.
pub(crate) struct Limiter {
    limit: u64,
    /// Linear memories, and the arena of an Extism plug-in.
    memory: u64,
    tables: u64,
    peak: u64,
    refused: bool,
}

impl Limiter {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, memory: 0, tables: 0, peak: 0, refused: false }
    }

    /// The largest size of all linear memories and the arena together, in bytes.
    pub(super) fn peak(&self) -> u64 {
        self.peak
    }

    /// The memory limit in bytes.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Whether the limit was exceeded. Usually that is the error that ends the run; growing the heap of garbage-collected objects loses
    /// it, and ends in a trap of its own.
    pub(super) fn refused(&self) -> bool {
        self.refused
    }

    /// Counts more bytes of an arena.
    ///
    /// # Errors
    ///
    /// Ends the run when they exceed the limit.
    pub(super) fn grow_arena(&mut self, bytes: u64) -> wasmtime::Result<()> {
        let memory = self.memory.saturating_add(bytes);
        self.fits(memory, self.tables)?;
        self.memory = memory;
        self.peak = self.peak.max(memory);
        Ok(())
    }

    fn fits(&mut self, memory: u64, tables: u64) -> wasmtime::Result<()> {
        if memory.saturating_add(tables.saturating_mul(TABLE_ELEMENT)) > self.limit {
            self.refused = true;
            return Err(LimitExceeded { kind: LimitKind::Memory, limit: self.limit }.into());
        }
        Ok(())
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            // Refused by the module's own declaration: an ordinary -1.
            return Ok(false);
        }
        // Not taken back when growing fails all the same: the engine reports failures that it never asked about, too.
        let memory = self.memory.saturating_add(desired.saturating_sub(current) as u64);
        self.fits(memory, self.tables)?;
        self.memory = memory;
        self.peak = self.peak.max(memory);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        no_memory(&error)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        no_memory(&error)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let tables = self.tables.saturating_add(desired.saturating_sub(current) as u64);
        self.fits(self.memory, tables)?;
        self.tables = tables;
        Ok(true)
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        MAX_TABLES
    }

    fn memories(&self) -> usize {
        MAX_MEMORIES
    }
}

/// Ends the run when it is this machine that has no memory: what the guest makes of a refusal says nothing of the policy then.
fn no_memory(error: &wasmtime::Error) -> wasmtime::Result<()> {
    Exhausted::of(error).map_or(Ok(()), |exhausted| Err(exhausted.into()))
}
