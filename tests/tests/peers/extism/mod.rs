//! The Extism ABI: a guest that is written with the Extism project's own kit, and its own runtime as a host.
//!
//! Chainloop's host is another one, written in Go, and it is the one that this project does as. Where the two differ, both
//! are written down.

mod here;
mod ours;
mod pdk;
mod rules;
mod server;
mod there;

use std::time::Duration;

use admit_host::LogLevel;
use libtest_mimic::Trial;

pub(super) fn trials() -> Vec<Trial> {
    [ours::trials(), pdk::trials(), rules::trials()].into_iter().flatten().collect()
}

/// How a module is run.
#[derive(Clone, Default)]
struct Run {
    input: Vec<u8>,
    args: Option<String>,
    allowed_hosts: Vec<String>,
    log_level: LogLevel,
    timeout: Option<Duration>,
    /// What `chainloop_discover` answers, one after the other; nothing is its failure.
    discover: Vec<Option<String>>,
}

impl Run {
    fn on(input: impl Into<Vec<u8>>) -> Self {
        Self { input: input.into(), ..Self::default() }
    }
}

/// What became of it.
#[derive(Debug, PartialEq)]
struct Seen {
    /// The output, or why there is none.
    result: Result<Vec<u8>, String>,
    /// Level and message of each record.
    logs: Vec<String>,
    /// Digest and kind of each discovery.
    discovered: Vec<(String, String)>,
}

impl Seen {
    /// The output as text.
    #[track_caller]
    fn text(&self) -> &str {
        let output = self.result.as_ref().unwrap_or_else(|error| panic!("there is no output: {error}"));
        std::str::from_utf8(output).expect("the output is text")
    }

    #[track_caller]
    fn error(&self) -> &str {
        match &self.result {
            Ok(output) => panic!("there is no error: {}", String::from_utf8_lossy(output)),
            Err(error) => error,
        }
    }
}
