//! Exit codes.

use std::process::ExitCode;
#[cfg(unix)]
use std::sync::atomic::AtomicBool;

/// How the command ended, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done; accepted; every case passed.
    Done = 0,
    /// The policy rejected the request; a case failed.
    Rejected = 1,
    /// Wrong usage, or input that cannot be read or is not valid; or the machine does not give what it takes.
    BadInput = 2,
    /// The policy misbehaved.
    Misbehaved = 3,
    /// The policy does not build.
    NoBuild = 4,
}

/// The table for `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done, and accepted; all cases passed
  1  the policy rejected the request; a case failed
  2  wrong usage, input that cannot be read or is not valid, or no room, memory or thread for it
  3  the policy misbehaved: trap, time or memory limit, an answer that makes no sense
  4  the policy does not build";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Lets a write beyond the limit of a file's size (`ulimit -f`) be an error, which is told, and not the end of the process.
pub(crate) fn outlive_file_limits() {
    // A handler rather than none: programs that are started from here do not inherit it. When it cannot be had, all else works.
    #[cfg(unix)]
    let _ = {
        static SEEN: AtomicBool = AtomicBool::new(false);
        signal_hook::flag::register(signal_hook::consts::SIGXFSZ, &SEEN)
    };
}
