//! Random bytes that are the same every time.

use wasmtime::{Caller, Linker};

use super::memory::Guest;
use super::{PREVIEW_0, PREVIEW_1, State};

/// A SplitMix64 generator: good enough for hash seeds and identifiers of a policy under test, not for keys.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    for module in [PREVIEW_1, PREVIEW_0] {
        linker.func_wrap(
            module,
            "random_get",
            |mut caller: Caller<'_, State>, ptr: u32, len: u32| -> wasmtime::Result<i32> {
                let mut guest = Guest::new(&mut caller, "random_get")?;
                let (bytes, state) = guest.bytes_mut(ptr, len)?;
                state.random.fill(bytes);
                Ok(0)
            },
        )?;
    }
    Ok(())
}
