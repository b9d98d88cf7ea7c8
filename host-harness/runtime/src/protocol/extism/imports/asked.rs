//! What a plug-in asks of its host: variables, HTTP requests and discoveries.

use admit::wire::chainloop::{CHAINLOOP, DISCOVER, DiscoverRequest, HTTP, HttpRequest, HttpResponse, REQUEST};
use wasmtime::{Caller, Linker};

use super::{ENV, Parts, Result, parts};
use crate::CallError;
use crate::inspect::DISCOVER as CHAINLOOP_DISCOVER;
use crate::protocol::State;
use crate::protocol::extism::client::{HttpError, perform};
use crate::protocol::extism::{Panic, http};
use crate::protocol::failure::within;
use crate::protocol::memory::answered;

/// The modules under which Chainloop's function can be imported: tools of different languages use different ones.
const USER: [&str; 2] = ["env", "extism:host/user"];

pub(super) fn link(linker: &mut Linker<State>) -> Result<()> {
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
    Ok(())
}

fn var_get(mut caller: Caller<'_, State>, name: u64) -> Result<u64> {
    let Parts { call, limiter, .. } = parts(&mut caller)?;
    let value = call.vars.get(call.arena.block(name)).map(<[u8]>::to_vec);
    call.free(name);
    call.arena.put(&value.unwrap_or_default(), limiter)
}

fn var_set(mut caller: Caller<'_, State>, name: u64, value: u64) -> Result<()> {
    let call = parts(&mut caller)?.call;
    if value == 0 {
        call.vars.remove(call.arena.block(name));
    } else {
        call.vars.set(call.arena.block(name), call.arena.block(value))?;
    }
    call.free(name);
    call.free(value);
    Ok(())
}

fn http_request(mut caller: Caller<'_, State>, request: u64, body: u64) -> Result<u64> {
    let Parts { call, limiter, host, message_limit } = parts(&mut caller)?;
    within((call.arena.length(request) + call.arena.length(body)) as usize, message_limit)?;
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

/// Answers a discovery. When the host fails, the guest gets the offset 0, without a reason.
fn discover(mut caller: Caller<'_, State>, digest: u64, kind: u64) -> Result<u64> {
    let Parts { call, limiter, host, message_limit } = parts(&mut caller)?;
    within((call.arena.length(digest) + call.arena.length(kind)) as usize, message_limit)?;
    let text = |offset| String::from_utf8_lossy(call.arena.block(offset)).into_owned();
    let asked = DiscoverRequest { digest: text(digest), kind: text(kind) };
    let payload = serde_json::to_vec(&asked).unwrap_or_default();
    match answered(host.chainloop(CHAINLOOP, DISCOVER, payload))? {
        Ok(item) => call.arena.put(&item, limiter),
        Err(_) => Ok(0),
    }
}
