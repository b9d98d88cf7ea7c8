//! Policies on materials, as the entry point calls them.

mod args;
mod manifests;
mod materials;

use super::{Output, Rule, payload, payload_start};
use crate::chainloop::Execute;
use crate::dispatch::PolicyOf;
use crate::error::Error;
use crate::host::Host;
use crate::json::Document;

fn document(args: &str, material: &str) -> Result<Document, Error> {
    let start = payload_start(args.as_bytes());
    let length = start.len();
    payload([start, material.as_bytes().to_vec()].concat(), length)
}

/// What is sent, or the text of the error.
fn execute<I: Execute>(policy: &PolicyOf<I>, rules: &[Rule], args: &str, material: &str) -> Result<String, String> {
    let run = || I::execute(policy, document(args, material)?, rules, &Host::silent()).and_then(Output::into_json);
    run().map(|json| String::from_utf8(json).unwrap()).map_err(|error| error.to_string())
}

/// What is sent when there is nothing to say.
const SUCCESS: &str = r#"{"skipped":false,"violations":[],"skip_reason":"","ignore":false}"#;

fn failed(violations: &[&str]) -> String {
    let violations = serde_json::to_string(violations).unwrap();
    format!(r#"{{"skipped":false,"violations":{violations},"skip_reason":"","ignore":false}}"#)
}

fn skipped(reason: &str) -> String {
    format!(r#"{{"skipped":true,"violations":[],"skip_reason":"{reason}","ignore":false}}"#)
}
