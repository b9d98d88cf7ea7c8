//! Arguments, environment and end of a program.

use wasmtime::{Caller, Linker};

use super::errno::SUCCESS;
use crate::protocol::State;
use crate::protocol::memory::Guest;

/// Exit codes that WASI allows.
const EXIT_CODES: u32 = 126;

/// Ends a run: the program called `proc_exit`.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("Exited with i32 exit status {0}")]
pub(in crate::protocol) struct Exit(pub(in crate::protocol) i32);

pub(super) fn link(linker: &mut Linker<State>, preview: &str) -> wasmtime::Result<()> {
    linker.func_wrap(preview, "args_get", args_get)?;
    linker.func_wrap(preview, "args_sizes_get", |mut caller: Caller<'_, State>, count: u32, size: u32| {
        let mut guest = Guest::new(&mut caller, "args_sizes_get")?;
        let args = &guest.state().args;
        let bytes: usize = args.iter().map(|arg| arg.len() + 1).sum();
        let sizes = [args.len() as u32, bytes as u32];
        write_sizes(&mut guest, count, size, sizes)
    })?;
    linker.func_wrap(preview, "environ_get", |mut caller: Caller<'_, State>, _list: u32, _texts: u32| {
        // There are no variables to write.
        Guest::new(&mut caller, "environ_get").map(|_| SUCCESS)
    })?;
    linker.func_wrap(preview, "environ_sizes_get", |mut caller: Caller<'_, State>, count: u32, size: u32| {
        write_sizes(&mut Guest::new(&mut caller, "environ_sizes_get")?, count, size, [0, 0])
    })?;
    linker.func_wrap(preview, "sched_yield", |mut caller: Caller<'_, State>| {
        Guest::new(&mut caller, "sched_yield").map(|_| SUCCESS)
    })?;
    linker.func_wrap(preview, "proc_exit", |code: u32| -> wasmtime::Result<()> {
        match code {
            0..EXIT_CODES => Err(Exit(code as i32).into()),
            _ => Err(wasmtime::Error::msg("exit with invalid exit status outside of [0..126)")),
        }
    })?;
    Ok(())
}

/// Writes where each argument is to `list`, and the arguments with a zero behind each to `texts`.
fn args_get(mut caller: Caller<'_, State>, list: u32, texts: u32) -> wasmtime::Result<i32> {
    let mut guest = Guest::new(&mut caller, "args_get")?;
    let args = guest.state().args.clone();
    let (mut entry, mut text) = (list, texts);
    for arg in args {
        let mut bytes = arg.into_bytes();
        bytes.push(0);
        guest.write_record(entry, 4, &text.to_le_bytes())?;
        guest.write(text, &bytes)?;
        // Saturation does no harm: for a range that ends beyond 32 bits the write before has failed, except at the very last
        // byte.
        entry = entry.saturating_add(4);
        text = text.saturating_add(bytes.len() as u32);
    }
    Ok(SUCCESS)
}

fn write_sizes(guest: &mut Guest<'_, '_>, count: u32, size: u32, [how_many, bytes]: [u32; 2]) -> wasmtime::Result<i32> {
    // In upstream's order, which shows when both have the same address.
    guest.write_record(size, 4, &bytes.to_le_bytes())?;
    guest.write_record(count, 4, &how_many.to_le_bytes())?;
    Ok(SUCCESS)
}
