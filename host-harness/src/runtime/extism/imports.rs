//! What a plug-in can import: Extism's functions, and the one that Chainloop adds.

use admit::wire::chainloop::{CHAINLOOP, DISCOVER, DiscoverRequest, HTTP, HttpRequest, HttpResponse, REQUEST};
use wasmtime::{Caller, Linker};
use wasmtime_wasi::I32Exit;

use super::{Call, Panic, http};
use crate::CallError;
use crate::capabilities::HostSide;
use crate::http::{HttpError, perform};
use crate::inspect::DISCOVER as CHAINLOOP_DISCOVER;
use crate::options::LogLevel;
use crate::runtime::limiter::Limiter;
use crate::runtime::memory::{answered, within};
use crate::runtime::{PREVIEW_1, State};

/// Where Extism's functions are.
const ENV: &str = "extism:host/env";

/// Where Chainloop's function is, for the tools of one language and of the others.
const USER: [&str; 2] = ["env", "extism:host/user"];

/// The configuration key of the policy's arguments, the only one there is.
const ARGS: &[u8] = b"args";

/// What `get_log_level` answers when nothing is logged.
const OFF: i32 = i32::MAX;

type Result<T> = wasmtime::Result<T>;

/// The call, and what of the evaluation is beside it.
struct Parts<'a> {
    call: &'a mut Call,
    limiter: &'a mut Limiter,
    host: &'a mut HostSide,
    /// Largest message to the host, in bytes.
    answer_limit: usize,
}

/// # Errors
///
/// Ends the run when there is no call: a start section ran into an import.
fn parts<'a>(caller: &'a mut Caller<'_, State>) -> Result<Parts<'a>> {
    let State { extism, limiter, host, answer_limit, .. } = caller.data_mut();
    match &mut extism.0 {
        Some(call) => Ok(Parts { call, limiter, host, answer_limit: *answer_limit }),
        None => Err(Panic("Invalid context, `extism` key not found".to_owned()).into()),
    }
}

pub(in crate::runtime) fn link(linker: &mut Linker<State>) -> Result<()> {
    blocks(linker)?;
    bytes(linker)?;
    ends(linker)?;
    logs(linker)?;
    linker.func_wrap(ENV, "config_get", config_get)?;
    linker.func_wrap(ENV, "var_get", var_get)?;
    linker.func_wrap(ENV, "var_set", var_set)?;
    linker.func_wrap(ENV, "http_request", http_request)?;
    linker.func_wrap(ENV, "http_status_code", |mut caller: Caller<'_, State>| -> Result<i32> {
        Ok(i32::from(parts(&mut caller)?.call.status))
    })?;
    // Chainloop does not switch the collection of headers on.
    linker.func_wrap(ENV, "http_headers", |mut caller: Caller<'_, State>| -> Result<u64> {
        parts(&mut caller)?;
        Ok(0)
    })?;
    for module in USER {
        linker.func_wrap(module, CHAINLOOP_DISCOVER, discover)?;
    }
    // Every code ends the run, also those that WASI has no room for.
    linker.func_wrap(PREVIEW_1, "proc_exit", |code: i32| -> Result<()> { Err(I32Exit(code).into()) })?;
    Ok(())
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

/// Single bytes are forgiving, words are not, and see the lower half of an address only: upstream serves the two at
/// different places.
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
    let getters: [(&str, fn(&Call) -> u64); 5] = [
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

/// The one function that leaves the block with its key alone.
fn config_get(mut caller: Caller<'_, State>, key: u64) -> Result<u64> {
    let Parts { call, limiter, .. } = parts(&mut caller)?;
    match &call.args {
        Some(args) if call.arena.block(key) == ARGS => call.arena.put(args.as_bytes(), limiter),
        _ => Ok(0),
    }
}

fn var_get(mut caller: Caller<'_, State>, name: u64) -> Result<u64> {
    let Parts { call, limiter, .. } = parts(&mut caller)?;
    let name = call.take(name);
    match call.vars.get(&name) {
        Some(value) => call.arena.put(value, limiter),
        None => Ok(0),
    }
}

fn var_set(mut caller: Caller<'_, State>, name: u64, value: u64) -> Result<()> {
    let call = parts(&mut caller)?.call;
    let name = call.take(name);
    if value == 0 {
        call.vars.remove(&name);
    } else {
        let value = call.take(value);
        call.vars.set(name, value)?;
    }
    Ok(())
}

fn http_request(mut caller: Caller<'_, State>, request: u64, body: u64) -> Result<u64> {
    let Parts { call, limiter, host, answer_limit } = parts(&mut caller)?;
    within((call.arena.length(request) + call.arena.length(body)) as usize, answer_limit)?;
    let request = call.take(request);
    let body = if body == 0 { Vec::new() } else { call.take(body) };
    let request = http::read(&request, body)?;
    let mut ask = |request: &HttpRequest| -> std::result::Result<HttpResponse, CallError> {
        let payload = serde_json::to_vec(request).map_err(|error| CallError::Failed(error.to_string()))?;
        let answer = host.chainloop(HTTP, REQUEST, payload)?;
        serde_json::from_slice(&answer)
            .map_err(|error| CallError::Unanswerable(format!("the answer to an HTTP request is not one: {error}")))
    };
    let response = match perform(request, &call.allowed_hostnames, &mut ask) {
        Ok(response) => response,
        Err(HttpError::Call(error)) => return answered(Err(error)).map(|_| 0),
        Err(ended) => return Err(Panic(ended.to_string()).into()),
    };
    call.status = response.status;
    call.arena.put(&response.body, limiter)
}

/// Whatever goes wrong: the guest gets nothing, and no reason.
fn discover(mut caller: Caller<'_, State>, digest: u64, kind: u64) -> Result<u64> {
    let Parts { call, limiter, host, answer_limit } = parts(&mut caller)?;
    within((call.arena.length(digest) + call.arena.length(kind)) as usize, answer_limit)?;
    let text = |offset| String::from_utf8_lossy(call.arena.block(offset)).into_owned();
    let asked = DiscoverRequest { digest: text(digest), kind: text(kind) };
    let payload = serde_json::to_vec(&asked).unwrap_or_default();
    match answered(host.chainloop(CHAINLOOP, DISCOVER, payload))? {
        Ok(item) => call.arena.put(&item, limiter),
        Err(_) => Ok(0),
    }
}
