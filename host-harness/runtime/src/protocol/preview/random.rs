//! `random_get`.

use wasmtime::{Caller, Linker};

use crate::protocol::memory::Guest;
use crate::protocol::{State, deadline};

/// Bytes between two looks at the time limit.
const PART: usize = 1 << 20;

pub(super) fn link(linker: &mut Linker<State>, previews: &[&str]) -> wasmtime::Result<()> {
    for module in previews {
        linker.func_wrap(
            module,
            "random_get",
            |mut caller: Caller<'_, State>, ptr: u32, len: u32| -> wasmtime::Result<i32> {
                let mut guest = Guest::new(&mut caller, "random_get")?;
                if len == 0 {
                    return Ok(0);
                }
                let (bytes, state) = guest.bytes_mut(ptr, len)?;
                for part in bytes.chunks_mut(PART) {
                    deadline::check(state.deadline)?;
                    state.random.fill(part)?;
                }
                Ok(0)
            },
        )?;
    }
    Ok(())
}
