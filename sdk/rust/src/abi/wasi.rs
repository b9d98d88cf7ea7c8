//! The WASI ABI, for Kubewarden's execution mode `wasi`: a command that takes the operation from `argv[1]`, the payload
//! from stdin, and answers on stdout.
//!
//! Host calls go through the import `host.call`. It returns 0 for success (waPC returns 1), and the host appends the
//! answer or its error text to stdin, so stdin must be drained before a call: the payload is read to its end first.
//! Hosts older than the import cannot load a module that has it; the feature `wasi-stderr` leaves it out.
#![allow(unsafe_code, reason = "this file is the border to the host: pointers cross it")]

use std::io::{Read, Write};
use std::process::exit;

#[cfg(not(feature = "wasi-stderr"))]
use super::call;
use super::panic;
use crate::dispatch::Policy;
use crate::host::{Host, HostClient};
use crate::wire::{argument, operation};

#[cfg(not(feature = "wasi-stderr"))]
#[link(wasm_import_module = "host")]
unsafe extern "C" {
    #[link_name = "call"]
    fn host_call(
        binding: *const u8,
        binding_length: usize,
        namespace: *const u8,
        namespace_length: usize,
        operation: *const u8,
        operation_length: usize,
        payload: *const u8,
        payload_length: usize,
    ) -> u32;
}

/// `_start` of a policy that takes a host.
pub fn with_host(policy: &Policy) {
    panic::install(|panic| {
        // The host makes the text on stderr the message of the rejection; the log has the fields as well.
        eprintln!("{}", panic.text());
        #[cfg(not(feature = "wasi-stderr"))]
        let _ = Imports.call("tracing", "log", &panic.record().to_json());
    });
    run(policy, || Host::new(Imports));
}

/// `_start` of a policy that takes no host: the module does not import `host.call`, and loads on hosts that lack it.
pub fn without_host(policy: &Policy) {
    panic::install(|panic| eprintln!("{}", panic.text()));
    run(policy, Host::silent);
}

fn run(policy: &Policy, host: fn() -> Host) {
    match answer(policy, host) {
        Ok(answer) => {
            let mut stdout = std::io::stdout().lock();
            // Nothing flushes stdout when `_start` returns.
            if let Err(error) = stdout.write_all(&answer).and_then(|()| stdout.flush()) {
                fail(&format!("the answer could not be written: {error}"));
            }
        }
        Err(text) => fail(&text),
    }
}

fn answer(policy: &Policy, host: fn() -> Host) -> Result<Vec<u8>, String> {
    let name = match std::env::args().nth(1).as_deref() {
        Some(argument::VALIDATE) => operation::VALIDATE,
        Some(argument::VALIDATE_SETTINGS) => operation::VALIDATE_SETTINGS,
        #[cfg(feature = "schema")]
        Some(argument::SETTINGS_SCHEMA) => operation::SETTINGS_SCHEMA,
        Some(other) => return Err(format!("unknown operation `{other}`: expected `validate` or `validate-settings`")),
        None => return Err("the operation is missing: expected the argument `validate` or `validate-settings`".into()),
    };
    let payload = drain().map_err(|error| format!("the payload could not be read from stdin: {error}"))?;
    policy.call(name.as_bytes(), payload, &host())
}

/// Reads everything that stdin holds at the moment. The end of stdin is not final: each host call appends its answer.
fn drain() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Ends the module with exit code 1. Kubewarden makes the text on stderr the message of the rejection.
fn fail(text: &str) -> ! {
    eprintln!("{text}");
    exit(1)
}

/// The host as this ABI gives it: a [`HostClient`] over the import and stdin.
struct Imports;

#[cfg(feature = "wasi-stderr")]
impl HostClient for Imports {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        match namespace {
            "tracing" => {
                eprintln!("{}", String::from_utf8_lossy(payload));
                Ok(Vec::new())
            }
            _ => Err(format!(
                "the module was built without host calls (feature `wasi-stderr`), and the policy called {namespace}/{operation}"
            )),
        }
    }
}

#[cfg(not(feature = "wasi-stderr"))]
impl HostClient for Imports {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        // SAFETY: a Kubewarden host reads the four ranges during the call and keeps none of them.
        let failed = unsafe { call::call(host_call, namespace, operation, payload) };
        let answer = drain().map_err(|error| format!("the host's answer could not be read from stdin: {error}"))?;
        if failed == 0 {
            return Ok(answer);
        }
        if namespace == "tracing" {
            // A log that the host does not take is better on stderr than lost.
            eprintln!("{}", String::from_utf8_lossy(payload));
        }
        Err(String::from_utf8_lossy(&answer).into_owned())
    }
}
