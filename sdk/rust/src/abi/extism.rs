//! The Extism ABI, as Chainloop speaks it.
//!
//! Bytes cross the border through a memory of the host's, in blocks that are called by their offset there; 0 is no block.
//! Contract: the host calls `Execute`, reads what was given to `output_set`, and takes the run for failed when there was
//! an `error_set`. It ignores the result of `Execute`. A trap would lose the error's text, so a panic ends the module with
//! exit code 0 after `error_set`, which keeps it.
//!
//! Each import is declared by itself and is in a function of its own: the linker drops those that a policy does not reach.
#![allow(unsafe_code, reason = "this file is the border to the host: its imports are declared here, and they are safe")]

use super::panic;
use crate::chainloop::{self, Output, Rule};
use crate::dispatch::PolicyOf;
use crate::error::Error;
use crate::host::{DiscoverImport, Host, HostCalls, HttpImport, Level, Record};
use crate::incoming::Incoming;
use crate::json::Document;
#[cfg(feature = "schema")]
use crate::wire::argument;
use crate::wire::chainloop::{HttpRequest, HttpResponse};

#[link(wasm_import_module = "extism:host/env")]
unsafe extern "C" {
    safe fn input_length() -> u64;
    safe fn input_load_u64(at: u64) -> u64;
    safe fn input_load_u8(at: u64) -> u32;
    safe fn alloc(length: u64) -> u64;
    safe fn length(block: u64) -> u64;
    safe fn load_u64(at: u64) -> u64;
    safe fn load_u8(at: u64) -> u32;
    safe fn store_u64(at: u64, value: u64);
    safe fn store_u8(at: u64, value: u32);
    safe fn output_set(block: u64, length: u64);
    safe fn error_set(block: u64);
    safe fn config_get(key: u64) -> u64;
    safe fn get_log_level() -> i32;
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

/// `Execute` of a policy that takes a host.
pub fn with_host<I: Incoming>(policy: &PolicyOf<I>, rules: &[Rule]) -> i32 {
    execute::<I>(policy, rules, || Host::new(Imports))
}

/// `Execute` of a policy that takes no host: the module does not import the log.
pub fn without_host<I: Incoming>(policy: &PolicyOf<I>, rules: &[Rule]) -> i32 {
    execute::<I>(policy, rules, Host::silent)
}

fn execute<I: Incoming>(policy: &PolicyOf<I>, rules: &[Rule], host: fn() -> Host) -> i32 {
    panic::install(|panic| {
        error_set(store(panic.runtime_error().as_bytes()));
        std::process::exit(0);
    });
    let args = load(config_get(store(chainloop::ARGS.as_bytes())));
    #[cfg(feature = "schema")]
    if args == argument::SETTINGS_SCHEMA.as_bytes() {
        let schema = policy.settings.to_schema();
        output_set(store(schema.as_bytes()), schema.len() as u64);
        return 0;
    }
    let answer =
        payload(&args).and_then(|payload| I::execute(policy, payload, rules, &host())).and_then(Output::into_json);
    match answer {
        Ok(json) => {
            output_set(store(&json), json.len() as u64);
            0
        }
        Err(error) => {
            // Only the first line of an error is shown.
            error_set(store(error.to_string().replace(['\r', '\n'], " ").as_bytes()));
            1
        }
    }
}

/// `{"args":…,"material":…}`: one text, so that both are looked at in one pass, without a copy of the material.
fn payload(args: &[u8]) -> Result<Document, Error> {
    let start = chainloop::payload_start(args);
    let length = input_length();
    let mut bytes = Vec::with_capacity(start.len() + length as usize + 1);
    bytes.extend_from_slice(&start);
    fill(&mut bytes, length, |at| input_load_u64(at), |at| input_load_u8(at));
    chainloop::payload(bytes, start.len())
}

/// A block with these bytes. Nothing has no block, which is what 0 means, too.
fn store(bytes: &[u8]) -> u64 {
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

/// The bytes of a block; none of 0.
fn load(block: u64) -> Vec<u8> {
    let length = length(block);
    let mut bytes = Vec::with_capacity(length as usize);
    if length > 0 {
        fill(&mut bytes, length, |at| load_u64(block + at), |at| load_u8(block + at));
    }
    bytes
}

#[inline]
fn fill(bytes: &mut Vec<u8>, length: u64, word: impl Fn(u64) -> u64, byte: impl Fn(u64) -> u32) {
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

/// The host behind the imports.
struct Imports;

impl HostCalls for Imports {
    fn call(&self, namespace: &str, operation: &str, _: &[u8]) -> Result<Vec<u8>, String> {
        Err(format!("Chainloop has no host capability {namespace}/{operation}, only Kubewarden has"))
    }

    fn log(&self, record: &Record) {
        let level = record.level();
        if get_log_level() <= level as i32 {
            write_log(level, &record.to_text());
        }
    }

    fn http(&self, import: HttpImport, request: &HttpRequest) -> Result<HttpResponse, String> {
        import(request)
    }

    fn discover(&self, import: DiscoverImport, digest: &str, kind: &str) -> Result<Vec<u8>, String> {
        import(digest, kind)
    }
}

/// Logs a warning of a verdict.
pub(crate) fn tell(text: &str) {
    if get_log_level() <= Level::Warning as i32 {
        log_warn(store(text.as_bytes()));
    }
}

fn write_log(level: Level, text: &str) {
    let block = store(text.as_bytes());
    match level {
        Level::Trace => log_trace(block),
        Level::Debug => log_debug(block),
        Level::Info => log_info(block),
        Level::Warning => log_warn(block),
        Level::Error => log_error(block),
    }
}

/// One request; the host follows redirects. A request that is not allowed or fails ends the module.
pub(crate) fn http(request: &HttpRequest) -> Result<HttpResponse, String> {
    #[derive(serde::Serialize)]
    struct Head<'a> {
        url: &'a str,
        method: &'a str,
        headers: &'a std::collections::BTreeMap<String, String>,
    }
    let head = Head { url: &request.url, method: &request.method, headers: &request.headers };
    // Strings and a map with text keys: it cannot fail.
    let head = store(&serde_json::to_vec(&head).unwrap_or_default());
    let body = load(extism_http_request(head, store(&request.body)));
    // Headers of responses are not there on Chainloop.
    Ok(HttpResponse { status: http_status_code() as u16, headers: Default::default(), body })
}

/// What an artifact refers to. The host gives no reason when it does not answer.
pub(crate) fn discover(digest: &str, kind: &str) -> Result<Vec<u8>, String> {
    match chainloop_discover(store(digest.as_bytes()), store(kind.as_bytes())) {
        0 => Err(NOT_DISCOVERED.to_owned()),
        block => Ok(load(block)),
    }
}

/// All that is known of a failure.
const NOT_DISCOVERED: &str = "the artifact is not known, or there is no connection to Chainloop";
