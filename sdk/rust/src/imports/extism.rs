//! What a module for Chainloop imports of its host.
//!
//! Bytes are passed in blocks of a memory that belongs to the host. A block is known by its offset there; 0 means no block.
//!
//! Each import is declared by itself and is in a function of its own: the linker drops those that a policy does not reach.
#![allow(unsafe_code, reason = "this file is the border to the host: its imports are declared here, and they are safe")]

use crate::host::Level;
use crate::wire::chainloop::{HttpRequest, HttpResponse};

#[link(wasm_import_module = "extism:host/env")]
unsafe extern "C" {
    pub(crate) safe fn input_length() -> u64;
    pub(crate) safe fn input_load_u64(at: u64) -> u64;
    pub(crate) safe fn input_load_u8(at: u64) -> u32;
    safe fn alloc(length: u64) -> u64;
    safe fn length(block: u64) -> u64;
    safe fn load_u64(at: u64) -> u64;
    safe fn load_u8(at: u64) -> u32;
    safe fn store_u64(at: u64, value: u64);
    safe fn store_u8(at: u64, value: u32);
    pub(crate) safe fn output_set(block: u64, length: u64);
    pub(crate) safe fn error_set(block: u64);
    pub(crate) safe fn config_get(key: u64) -> u64;
    pub(crate) safe fn get_log_level() -> i32;
    safe fn log_trace(block: u64);
    safe fn log_debug(block: u64);
    safe fn log_info(block: u64);
    safe fn log_warn(block: u64);
    safe fn log_error(block: u64);
    #[link_name = "http_request"]
    safe fn extism_http_request(request: u64, body: u64) -> u64;
    safe fn http_status_code() -> i32;
}

#[link(wasm_import_module = "extism:host/user")]
unsafe extern "C" {
    safe fn chainloop_discover(digest: u64, kind: u64) -> u64;
}

/// Makes a block with these bytes, and returns its offset; 0 when there are no bytes.
pub(crate) fn store(bytes: &[u8]) -> u64 {
    let block = alloc(bytes.len() as u64);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = block;
    for word in words {
        store_u64(at, u64::from_le_bytes(*word));
        at += 8;
    }
    for byte in rest {
        store_u8(at, u32::from(*byte));
        at += 1;
    }
    block
}

/// The bytes of a block; empty for the offset 0.
pub(crate) fn load(block: u64) -> Vec<u8> {
    let length = length(block);
    let mut bytes = Vec::with_capacity(length as usize);
    if length > 0 {
        fill(&mut bytes, length, |at| load_u64(block + at), |at| load_u8(block + at));
    }
    bytes
}

#[inline]
pub(crate) fn fill(bytes: &mut Vec<u8>, length: u64, word: impl Fn(u64) -> u64, byte: impl Fn(u64) -> u32) {
    let mut at = 0;
    while at + 8 <= length {
        bytes.extend_from_slice(&word(at).to_le_bytes());
        at += 8;
    }
    while at < length {
        bytes.push(byte(at) as u8);
        at += 1;
    }
}

/// Logs a warning, if the host's log level includes warnings.
pub(crate) fn tell(text: &str) {
    if get_log_level() <= Level::Warning as i32 {
        log_warn(store(text.as_bytes()));
    }
}

/// Logs a text, without a check of the host's log level.
pub(crate) fn write_log(level: Level, text: &str) {
    let block = store(text.as_bytes());
    match level {
        Level::Trace => log_trace(block),
        Level::Debug => log_debug(block),
        Level::Info => log_info(block),
        Level::Warning => log_warn(block),
        Level::Error => log_error(block),
    }
}

/// Makes one HTTP request; the host follows redirects. A request that is not allowed or fails ends the module.
pub(crate) fn http(request: &HttpRequest) -> Result<HttpResponse, String> {
    #[derive(serde::Serialize)]
    struct Head<'a> {
        url: &'a str,
        method: &'a str,
        headers: &'a std::collections::BTreeMap<String, String>,
    }
    let head = Head { url: &request.url, method: &request.method, headers: &request.headers };
    // Writing strings and a map with string keys cannot fail.
    let head = store(&serde_json::to_vec(&head).unwrap_or_default());
    let body = load(extism_http_request(head, store(&request.body)));
    // Chainloop's host does not give header fields of responses.
    Ok(HttpResponse { status: http_status_code() as u16, headers: Default::default(), body })
}

/// An artifact and its references, as JSON. The host gives no reason when it does not answer.
pub(crate) fn discover(digest: &str, kind: &str) -> Result<Vec<u8>, String> {
    match chainloop_discover(store(digest.as_bytes()), store(kind.as_bytes())) {
        0 => Err(NOT_DISCOVERED.to_owned()),
        block => Ok(load(block)),
    }
}

/// The error for the offset 0, which is the host's only sign of a failure.
const NOT_DISCOVERED: &str = "the artifact is not known, or there is no connection to Chainloop";
