//! Calls `Execute` of one module on the runtime of the Extism project.
//!
//! Reads a question from stdin and writes the answer to stdout, both as JSON. One process answers one question: the log
//! level of the runtime is that of its process.

mod discover;
mod logs;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use discover::Discover;
use extism::{Manifest, Plugin, PluginBuilder, Wasm};
use serde::{Deserialize, Serialize};

/// What to run, and with what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    module: PathBuf,
    input: Vec<u8>,
    config: BTreeMap<String, String>,
    allowed_hosts: Vec<String>,
    log_level: logs::Level,
    timeout_ms: Option<u64>,
    /// What `chainloop_discover` answers, one after the other; nothing is its failure.
    discover: Vec<Option<String>>,
    /// Takes a return code for an error, as `Plugin::call` does.
    strict: bool,
}

/// What became of it.
#[derive(Serialize)]
struct Answer {
    /// Whether there was anything to call.
    loaded: bool,
    output: Option<Vec<u8>>,
    /// The error and its causes.
    error: Vec<String>,
    logs: Vec<logs::Record>,
    /// Digest and kind of each discovery.
    discovered: Vec<(String, String)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let question: Question = serde_json::from_reader(std::io::stdin())?;
    let logs = logs::collect(question.log_level)?;
    let discover = Discover::new(question.discover.clone());
    let (loaded, result) = run(&question, &discover);
    let (output, error) = match result {
        Ok(output) => (Some(output), Vec::new()),
        Err(error) => (None, error.chain().map(ToString::to_string).collect()),
    };
    let answer = Answer { loaded, output, error, logs: logs.take(), discovered: discover.asked() };
    serde_json::to_writer(std::io::stdout(), &answer)?;
    Ok(())
}

/// Whether the module was loaded, and what the call gave.
fn run(question: &Question, discover: &Discover) -> (bool, Result<Vec<u8>, extism::Error>) {
    let mut plugin = match load(question, discover) {
        Ok(plugin) => plugin,
        Err(error) => return (false, Err(error)),
    };
    let input = question.input.as_slice();
    let result = match question.strict {
        true => plugin.call("Execute", input),
        false => plugin.call_get_error_code("Execute", input).map_err(|(error, _)| error),
    };
    (true, result)
}

fn load(question: &Question, discover: &Discover) -> Result<Plugin, extism::Error> {
    let mut manifest = Manifest::new([Wasm::data(std::fs::read(&question.module)?)])
        .with_config(question.config.clone().into_iter())
        .with_allowed_hosts(question.allowed_hosts.iter().cloned());
    if let Some(limit) = question.timeout_ms {
        manifest = manifest.with_timeout(Duration::from_millis(limit));
    }
    // It would be written to the user's folders.
    PluginBuilder::new(manifest).with_wasi(true).with_cache_disabled().with_functions(discover.functions()).build()
}
