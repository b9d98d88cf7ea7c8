//! What a guest learns of its clocks.

use wasmtime::{Caller, Linker};

use super::errno::{BAD_DESCRIPTOR, SUCCESS};
use crate::protocol::State;
use crate::protocol::memory::Guest;

const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;
/// Identifiers of the clocks for CPU time of process and thread, which hosts do not have.
const CPU_TIMES: [u32; 2] = [2, 3];

pub(super) fn link(linker: &mut Linker<State>, preview: &str) -> wasmtime::Result<()> {
    linker.func_wrap(preview, "clock_res_get", |mut caller: Caller<'_, State>, id: u32, resolution: u32| {
        let mut guest = Guest::new(&mut caller, "clock_res_get")?;
        let clock = &guest.state().clock;
        let nanoseconds = match id {
            REALTIME => clock.wall_resolution(),
            MONOTONIC => clock.monotonic_resolution(),
            other => return unknown(other),
        };
        guest.write_number(resolution, nanoseconds)?;
        Ok(SUCCESS)
    })?;
    linker.func_wrap(
        preview,
        "clock_time_get",
        |mut caller: Caller<'_, State>, id: u32, _precision: u64, time: u32| {
            let mut guest = Guest::new(&mut caller, "clock_time_get")?;
            let clock = &guest.state().clock;
            let nanoseconds = match id {
                REALTIME => clock.look_at_wall(),
                MONOTONIC => clock.look_at_monotonic(),
                other => return unknown(other),
            };
            guest.write_number(time, nanoseconds)?;
            Ok(SUCCESS)
        },
    )?;
    Ok(())
}

fn unknown(id: u32) -> wasmtime::Result<i32> {
    if CPU_TIMES.contains(&id) {
        return Ok(BAD_DESCRIPTOR);
    }
    Err(wasmtime::Error::msg(format!("WASI does not know a clock {id}")))
}
