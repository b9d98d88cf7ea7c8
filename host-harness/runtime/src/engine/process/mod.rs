//! Compiling in a process of its own, which ends when it takes too much.
//!
//! The program starts itself, or another one that calls [`compile_for_parent`]. Pipes are all that the two have in common: the request
//! goes in, answers come out, and when the first pipe is closed, because the parent ended, the child ends too.

mod child;
mod parent;
mod wire;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

pub use child::compile_for_parent;

/// A program that compiles modules, in a process for each, and what that process may use.
///
/// For modules of which nobody knows who made them: [`CompileLimits`](crate::CompileLimits) refuse the modules that take too much as
/// far as it can be known before, and this ends what takes too much all the same. What the program gives is run as machine code, so
/// it has to be as trustworthy as this one; usually it is the same file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompilerProcess {
    /// The program. Its standard input and output are used, and of its standard error the start is shown when it fails.
    pub program: PathBuf,
    /// Its arguments, with which it calls [`compile_for_parent`].
    pub arguments: Vec<OsString>,
    /// How long it may take by the clock. `None` is a minute and ten seconds more for each MiB of the module.
    pub time: Option<Duration>,
    /// How much memory it may have, in bytes. `None` is 1 GiB and 32 bytes for each byte of the module. Only Linux ends a process for
    /// that; on other systems there is the time alone.
    pub memory: Option<u64>,
    /// Modules whose [work](crate::cost::ModuleCost::work) is not more are compiled without it, which takes less time than to start it.
    /// Default: 300,000.
    pub above: u64,
    /// How the time is raised: the last words of the error.
    pub time_raised_by: &'static str,
    /// How the memory is raised.
    pub memory_raised_by: &'static str,
}

/// What is as good as no limit, and what clocks can be asked to wait for.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl CompilerProcess {
    /// With the limits that are the default.
    pub fn new(program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self {
            program,
            arguments,
            time: None,
            memory: None,
            above: 300_000,
            time_raised_by: "whoever runs it can raise the limit (`CompilerProcess::time`)",
            memory_raised_by: "whoever runs it can raise the limit (`CompilerProcess::memory`)",
        }
    }

    fn time_for(&self, wasm: &[u8]) -> Duration {
        let mebibytes = (wasm.len() as u64).div_ceil(1 << 20);
        self.time.unwrap_or(Duration::from_secs(60 + 10 * mebibytes)).min(LONGEST)
    }

    fn memory_for(&self, wasm: &[u8]) -> u64 {
        self.memory.unwrap_or((1 << 30) + 32 * wasm.len() as u64)
    }
}
