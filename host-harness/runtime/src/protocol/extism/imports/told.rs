//! What the host and the guest tell each other: input, arguments, output, error and log.

use wasmtime::{Caller, Linker};

use super::{ENV, Parts, Result, parts};
use crate::options::LogLevel;
use crate::protocol::State;
use crate::protocol::extism::Call;

/// The configuration key of the policy's arguments, the only one there is.
const ARGS: &[u8] = b"args";

/// What `get_log_level` answers when nothing is logged.
const OFF: i32 = i32::MAX;

type Getter = fn(&Call) -> u64;

pub(super) fn link(linker: &mut Linker<State>) -> Result<()> {
    ends(linker)?;
    logs(linker)?;
    linker.func_wrap(ENV, "config_get", config_get)?;
    Ok(())
}

/// Input, output and error. Ranges where no blocks lie are not taken.
fn ends(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(ENV, "input_set", |mut caller: Caller<'_, State>, offset: u64, len: u64| -> Result<()> {
        let call = parts(&mut caller)?.call;
        if call.holds(offset, len) {
            call.input = (offset, len);
        }
        Ok(())
    })?;
    linker.func_wrap(ENV, "output_set", |mut caller: Caller<'_, State>, offset: u64, len: u64| -> Result<()> {
        let call = parts(&mut caller)?.call;
        if call.holds(offset, len) {
            call.output = (offset, len);
        }
        Ok(())
    })?;
    linker.func_wrap(ENV, "error_set", |mut caller: Caller<'_, State>, offset: u64| -> Result<()> {
        let call = parts(&mut caller)?.call;
        if offset == 0 || call.arena.contains(offset) {
            call.error = offset;
        }
        Ok(())
    })?;
    let getters: [(&str, Getter); 5] = [
        ("input_offset", |call| call.input.0),
        ("input_length", |call| call.input.1),
        ("output_offset", |call| call.output.0),
        ("output_length", |call| call.output.1),
        ("error_get", |call| call.error),
    ];
    for (name, get) in getters {
        linker.func_wrap(ENV, name, move |mut caller: Caller<'_, State>| -> Result<u64> {
            Ok(get(parts(&mut caller)?.call))
        })?;
    }
    Ok(())
}

/// Unlike the other imports, this one does not free the block that it is given.
fn config_get(mut caller: Caller<'_, State>, key: u64) -> Result<u64> {
    let Parts { call, limiter, .. } = parts(&mut caller)?;
    match &call.args {
        Some(args) if call.arena.block(key) == ARGS => call.arena.put(args.as_bytes(), limiter),
        _ => Ok(0),
    }
}

fn logs(linker: &mut Linker<State>) -> Result<()> {
    let levels = [
        ("log_trace", LogLevel::Trace),
        ("log_debug", LogLevel::Debug),
        ("log_info", LogLevel::Info),
        ("log_warn", LogLevel::Warn),
        ("log_error", LogLevel::Error),
    ];
    for (name, level) in levels {
        linker.func_wrap(ENV, name, move |mut caller: Caller<'_, State>, message: u64| -> Result<()> {
            let Parts { call, host, .. } = parts(&mut caller)?;
            if level >= call.log_level {
                host.logs.text(level.name(), call.arena.block(message));
            }
            call.free(message);
            Ok(())
        })?;
    }
    linker.func_wrap(ENV, "get_log_level", |mut caller: Caller<'_, State>| -> Result<i32> {
        Ok(match parts(&mut caller)?.call.log_level {
            LogLevel::Trace => 0,
            LogLevel::Debug => 1,
            LogLevel::Info => 2,
            LogLevel::Warn => 3,
            LogLevel::Error => 4,
            LogLevel::Off => OFF,
        })
    })?;
    Ok(())
}
