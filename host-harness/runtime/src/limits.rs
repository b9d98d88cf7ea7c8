//! What an evaluation may use.

use std::time::Duration;

use crate::abi::Abi;

/// Limits of one evaluation; every one is on by default.
///
/// A policy that hits one ends with [`Failure::Timeout`](crate::outcome::Failure::Timeout) or
/// [`Failure::Limit`](crate::outcome::Failure::Limit); the host goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time of one operation, start functions included. `None`, the default, is what fits the ABI: 10 seconds
    /// for the policies of Kubewarden (policy-server's is 2), and for those of Chainloop the 60 that it gives them. See
    /// [`wall_time_of`](Self::wall_time_of).
    pub wall_time: Option<Duration>,
    /// Linear memory in bytes; table elements count as 8 bytes each, and so do host answers that a WASI policy leaves
    /// unread on its stdin, and the memory in which the host keeps the blocks of a Chainloop policy, its input among
    /// them. `None`, the default, is what fits the ABI: 256 MiB for the policies of Kubewarden, 1 GiB for those of
    /// Chainloop, which has no limit of its own. See [`memory_of`](Self::memory_of).
    pub memory: Option<u64>,
    /// Size in bytes of one message from the guest (waPC response or error, name or payload of a host call, output or
    /// error of a Chainloop policy) and of what a WASI policy writes to stdout and to stderr. Default: 16 MiB.
    pub message: usize,
    /// Bytes that are kept of log records, and of each of stdout and stderr of a waPC or Chainloop policy; what comes
    /// after is dropped and counted, and the run goes on. Default: 1 MiB.
    pub log: usize,
    /// Bytes that the patch of a mutation could take at worst: the path and the text of every value in the object before and
    /// after. It is counted before the patch is made, which nothing could interrupt. Default: 32 MiB.
    pub patch: usize,
    /// Fuel. Default: none, because fuel does not carry over from one engine version to the next.
    pub fuel: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { wall_time: None, memory: None, message: 16 << 20, log: 1 << 20, patch: 32 << 20, fuel: None }
    }
}

impl Limits {
    /// The wall-clock time that a policy of this ABI has.
    pub fn wall_time_of(&self, abi: Abi) -> Duration {
        self.wall_time.unwrap_or(abi.traits().wall_time)
    }

    /// The memory that a policy of this ABI has, in bytes.
    pub fn memory_of(&self, abi: Abi) -> u64 {
        self.memory.unwrap_or(abi.traits().memory)
    }
}
