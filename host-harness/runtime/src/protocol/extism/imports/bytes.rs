//! Blocks, and the bytes in them.

use wasmtime::{Caller, Linker};

use super::{ENV, Parts, Result, parts};
use crate::protocol::State;
use crate::protocol::extism::{Call, Panic};

pub(super) fn link(linker: &mut Linker<State>) -> Result<()> {
    blocks(linker)?;
    bytes(linker)
}

fn blocks(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(ENV, "alloc", |mut caller: Caller<'_, State>, len: u64| -> Result<u64> {
        let Parts { call, limiter, .. } = parts(&mut caller)?;
        call.arena.alloc(len, limiter)
    })?;
    linker.func_wrap(ENV, "free", |mut caller: Caller<'_, State>, offset: u64| -> Result<()> {
        parts(&mut caller)?.call.free(offset);
        Ok(())
    })?;
    for name in ["length", "length_unsafe"] {
        linker.func_wrap(ENV, name, |mut caller: Caller<'_, State>, offset: u64| -> Result<u64> {
            Ok(parts(&mut caller)?.call.arena.length(offset))
        })?;
    }
    linker.func_wrap(ENV, "memory_bytes", |mut caller: Caller<'_, State>| -> Result<u64> {
        Ok(parts(&mut caller)?.call.arena.size())
    })?;
    linker.func_wrap(ENV, "reset", |mut caller: Caller<'_, State>| -> Result<()> {
        parts(&mut caller)?.call.reset();
        Ok(())
    })?;
    Ok(())
}

/// Upstream implements the two sizes in different places, so they differ: a single byte outside of the arena is read as 0,
/// and not written. For eight bytes outside, the run ends; their addresses are cut to the lower 32 bits.
fn bytes(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(ENV, "load_u8", |mut caller: Caller<'_, State>, address: u64| -> Result<i32> {
        Ok(load_u8(parts(&mut caller)?.call, address))
    })?;
    linker.func_wrap(ENV, "load_u64", |mut caller: Caller<'_, State>, address: u64| -> Result<u64> {
        load_u64(parts(&mut caller)?.call, address)
    })?;
    linker.func_wrap(ENV, "store_u8", |mut caller: Caller<'_, State>, address: u64, value: i32| -> Result<()> {
        let call = parts(&mut caller)?.call;
        if call.arena.contains(address) {
            call.arena.store(address, &[value as u8]);
        }
        Ok(())
    })?;
    linker.func_wrap(ENV, "store_u64", |mut caller: Caller<'_, State>, address: u64, value: u64| -> Result<()> {
        if parts(&mut caller)?.call.arena.store(lower(address), &value.to_le_bytes()) {
            return Ok(());
        }
        Err(Panic(format!("could not write value '{value}' at offset: {address}")).into())
    })?;
    linker.func_wrap(ENV, "input_load_u8", |mut caller: Caller<'_, State>, index: u64| -> Result<i32> {
        let call = parts(&mut caller)?.call;
        let (offset, len) = call.input;
        Ok(if index < len { load_u8(call, offset + index) } else { 0 })
    })?;
    linker.func_wrap(ENV, "input_load_u64", |mut caller: Caller<'_, State>, index: u64| -> Result<u64> {
        let call = parts(&mut caller)?.call;
        load_u64(call, index.wrapping_add(call.given))
    })?;
    Ok(())
}

fn load_u8(call: &Call, address: u64) -> i32 {
    let [byte] = call.arena.load(address).filter(|_| call.arena.contains(address)).unwrap_or_default();
    i32::from(byte)
}

fn load_u64(call: &Call, address: u64) -> Result<u64> {
    match call.arena.load(lower(address)) {
        Some(bytes) => Ok(u64::from_le_bytes(bytes)),
        None => Err(Panic(format!("could not read value at offset: {address}")).into()),
    }
}

fn lower(address: u64) -> u64 {
    address & u64::from(u32::MAX)
}
