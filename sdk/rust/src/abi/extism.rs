//! The Extism ABI, as Chainloop speaks it.
//!
//! Contract: the host calls `Execute`, reads what was given to `output_set`, and takes the run for failed when there was
//! an `error_set`. It ignores the result of `Execute`. A trap would lose the error's text, so a panic ends the module with
//! exit code 0 after `error_set`, which keeps it.

use super::panic;
use crate::chainloop::{self, Execute, Output, Rule};
use crate::dispatch::PolicyOf;
use crate::error::Error;
use crate::host::{DiscoverImport, Host, HostClient, HttpImport, Record};
use crate::imports::extism::{
    config_get, error_set, fill, get_log_level, input_length, input_load_u8, input_load_u64, load, output_set, store,
    write_log,
};
use crate::json::Document;
#[cfg(feature = "schema")]
use crate::wire::argument;
use crate::wire::chainloop::{ARGS, HttpRequest, HttpResponse};

/// `Execute` of a policy that takes a host.
pub fn with_host<I: Execute>(policy: &PolicyOf<I>, rules: &[Rule]) -> i32 {
    execute::<I>(policy, rules, || Host::new(Imports))
}

/// `Execute` of a policy that takes no host: the module does not import the log.
pub fn without_host<I: Execute>(policy: &PolicyOf<I>, rules: &[Rule]) -> i32 {
    execute::<I>(policy, rules, Host::silent)
}

fn execute<I: Execute>(policy: &PolicyOf<I>, rules: &[Rule], host: fn() -> Host) -> i32 {
    panic::install(|panic| {
        error_set(store(panic.runtime_error().as_bytes()));
        std::process::exit(0);
    });
    let args = load(config_get(store(ARGS.as_bytes())));
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
            // Chainloop shows only the first line of an error, so line breaks become spaces.
            error_set(store(error.to_string().replace(['\r', '\n'], " ").as_bytes()));
            1
        }
    }
}

/// The payload `{"args":…,"material":…}` as one JSON document: both parts are scanned in one pass, and the material is not
/// copied.
fn payload(args: &[u8]) -> Result<Document, Error> {
    let start = chainloop::payload_start(args);
    let length = input_length();
    let mut bytes = Vec::with_capacity(start.len() + length as usize + 1);
    bytes.extend_from_slice(&start);
    fill(&mut bytes, length, |at| input_load_u64(at), |at| input_load_u8(at));
    chainloop::payload(bytes, start.len())
}

/// The host as this ABI gives it: a [`HostClient`] over the imports.
struct Imports;

impl HostClient for Imports {
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
