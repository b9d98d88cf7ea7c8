//! One file per command.

pub(crate) mod annotate;
pub(crate) mod build;
pub(crate) mod cache;
pub(crate) mod compiler;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod eval;
pub(crate) mod host;
pub(crate) mod inspect;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod run;
pub(crate) mod scaffold;
pub(crate) mod test;

mod files;
mod policy;
mod spare;

use std::time::Duration;

/// For people, or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs: one JSON document on stdout.
    Json,
}

/// Parses `--timeout`.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|d| !d.is_zero())
        .ok_or_else(|| "must be a number of seconds above 0, for example 2 or 0.5".to_owned())
}
