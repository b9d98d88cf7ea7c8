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
    /// Linear memory in bytes; table elements count as 8 bytes each, and so do host answers that a WASI policy leaves
    /// unread on its stdin. Default: 256 MiB.
    pub memory: u64,
    /// Size in bytes of one message from the guest (waPC response or error, name or payload of a host call) and of what
    /// a WASI policy writes to stdout and to stderr. Default: 16 MiB.
    pub answer: usize,
    /// Bytes that are kept of log records, and of each of stdout and stderr of a waPC policy; what comes after is
    /// dropped and counted, and the run goes on. Default: 1 MiB.
    pub log: usize,
    /// Bytes that the patch of a mutation could take at worst: the path and the text of every value in the object before and
    /// after. It is counted before the patch is made, which nothing could interrupt. Default: 32 MiB.
    pub patch: usize,
    /// Fuel. Default: none, because fuel does not carry over from one engine version to the next.
    pub fuel: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_time: Duration::from_secs(10),
            memory: 256 << 20,
            answer: 16 << 20,
            log: 1 << 20,
            patch: 32 << 20,
            fuel: None,
        }
    }
}
