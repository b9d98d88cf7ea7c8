//! How much memory a guest may have.

use wasmtime::ResourceLimiter;

use super::failure::LimitExceeded;
use crate::outcome::LimitKind;

/// What a table element costs the host, in bytes.
const TABLE_ELEMENT: u64 = 8;

/// More tables and memories than any toolchain makes.
const MAX_TABLES: usize = 64;
const MAX_MEMORIES: usize = 16;

/// Ends the run as soon as linear memories and tables together want more than the limit.
pub(crate) struct Limiter {
    limit: u64,
    memory: u64,
    tables: u64,
    peak: u64,
    /// The part of `memory` that was granted last, in case that growing fails all the same.
    granted: u64,
}

impl Limiter {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, memory: 0, tables: 0, peak: 0, granted: 0 }
    }

    /// The largest size of all linear memories together, in bytes.
    pub(super) fn peak(&self) -> u64 {
        self.peak
    }

    /// What has to fit into memory, in bytes.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    fn fits(&self, memory: u64, tables: u64) -> wasmtime::Result<()> {
        if memory.saturating_add(tables.saturating_mul(TABLE_ELEMENT)) > self.limit {
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
        let granted = desired.saturating_sub(current) as u64;
        let memory = self.memory.saturating_add(granted);
        self.fits(memory, self.tables)?;
        self.memory = memory;
        self.granted = granted;
        self.peak = self.peak.max(memory);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory = self.memory.saturating_sub(std::mem::take(&mut self.granted));
        Ok(())
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
