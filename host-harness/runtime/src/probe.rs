//! What is done to an instance, and read from it, besides what its ABI says: for modules that were changed so that tests can steer them.

use std::sync::atomic::{AtomicU64, Ordering};

use wasmtime::{AsContextMut, Extern, Instance, Val};

/// How an instance is changed before its first call, and what is read when its run is over.
#[derive(Debug, Default)]
pub struct Probe {
    /// An exported mutable global of type `i32`, and what it is set to.
    pub global: Option<(String, i32)>,
    /// A byte of the memory `memory`, by its address, and what is written there.
    pub byte: Option<(u32, u8)>,
    /// Exported globals of type `i64`, and what was in them at the end of any run: the bits of all runs.
    pub seen: Vec<(String, AtomicU64)>,
}

impl Probe {
    /// Changes a new instance. What it does not export stays as it is.
    pub(crate) fn apply(&self, mut store: impl AsContextMut, instance: &Instance) {
        if let Some((name, value)) = &self.global
            && let Some(global) = instance.get_global(&mut store, name)
        {
            // It has another type, or cannot be changed: then it is not the one that is meant.
            let _ = global.set(&mut store, Val::I32(*value));
        }
        if let Some((address, value)) = self.byte
            && let Some(Extern::Memory(memory)) = instance.get_export(&mut store, "memory")
        {
            // What is outside of the memory cannot be changed, and nothing reads it.
            let _ = memory.write(&mut store, address as usize, &[value]);
        }
    }

    /// Reads an instance whose run is over.
    pub(crate) fn read(&self, mut store: impl AsContextMut, instance: &Instance) {
        for (name, bits) in &self.seen {
            let Some(global) = instance.get_global(&mut store, name) else { continue };
            if let Val::I64(seen) = global.get(&mut store) {
                bits.fetch_or(seen.cast_unsigned(), Ordering::Relaxed);
            }
        }
    }
}
