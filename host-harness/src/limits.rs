//! What an evaluation may use.

use std::time::Duration;

/// Limits of one evaluation; every one is on by default.
///
/// A policy that hits one ends with [`Failure::Timeout`](crate::outcome::Failure::Timeout) or
/// [`Failure::Limit`](crate::outcome::Failure::Limit); the host goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time of one operation, start functions included. Default: 10 seconds (policy-server's is 2).
    pub wall_time: Duration,
    /// Linear memory in bytes. Default: 256 MiB.
    pub memory: u64,
    /// Size of an answer (waPC response or error, WASI stdout and stderr) in bytes. Default: 16 MiB.
    pub answer: usize,
    /// Bytes of log text and captured console output that are kept. Default: 1 MiB.
    pub log: usize,
    /// Fuel. Default: none, because fuel does not carry over from one engine version to the next.
    pub fuel: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { wall_time: Duration::from_secs(10), memory: 256 << 20, answer: 16 << 20, log: 1 << 20, fuel: None }
    }
}
