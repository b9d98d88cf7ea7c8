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
    /// By what that time is measured. Default: [`TimedBy::Clock`].
    pub timed_by: TimedBy,
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

/// Bytes that are kept of the warnings of an answer, and of its audit annotations. Each text counts 64 bytes more than it has. API
/// servers show the first 4,096 characters of warnings, so more than this helps nobody.
pub const MAX_REMARKS: usize = 256 << 10;

/// By what [`Limits::wall_time`] is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimedBy {
    /// The clock. How far a policy gets depends on the machine and on what else it does.
    #[default]
    Clock,
    /// Fuel, of which [`FUEL_PER_SECOND`] is a second: a policy ends at the same place everywhere, with
    /// [`Failure::Limit`](crate::outcome::Failure::Limit). Only what takes ten times as long by the clock is ended by it all the
    /// same.
    Fuel,
}

/// What a second is when time is [measured in fuel](TimedBy::Fuel): more than a processor of these years gets done in most code, and
/// less than in the tightest loops.
pub const FUEL_PER_SECOND: u64 = 2_000_000_000;

/// How much longer the clock lets a policy run whose time is measured in fuel.
const PATIENCE: u32 = 10;

impl Default for Limits {
    fn default() -> Self {
        let timed_by = TimedBy::default();
        Self { wall_time: None, timed_by, memory: None, message: 16 << 20, log: 1 << 20, patch: 32 << 20, fuel: None }
    }
}

impl Limits {
    /// The wall-clock time that a policy of this ABI has.
    pub fn wall_time_of(&self, abi: Abi) -> Duration {
        self.wall_time.unwrap_or(abi.traits().wall_time)
    }

    /// When the clock ends a policy of this ABI.
    pub(crate) fn clock_time_of(&self, abi: Abi) -> Duration {
        let time = self.wall_time_of(abi);
        match self.timed_by {
            TimedBy::Clock => time,
            TimedBy::Fuel => time.saturating_mul(PATIENCE),
        }
    }

    /// The fuel that a policy of this ABI has, when there is a limit.
    pub fn fuel_of(&self, abi: Abi) -> Option<u64> {
        let time = match self.timed_by {
            TimedBy::Clock => None,
            TimedBy::Fuel => {
                let fuel = self.wall_time_of(abi).as_nanos() * u128::from(FUEL_PER_SECOND) / 1_000_000_000;
                Some(u64::try_from(fuel).unwrap_or(u64::MAX))
            }
        };
        [self.fuel, time].into_iter().flatten().min()
    }

    /// The memory that a policy of this ABI has, in bytes.
    pub fn memory_of(&self, abi: Abi) -> u64 {
        self.memory.unwrap_or(abi.traits().memory)
    }
}
