//! The time that a guest sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

use crate::options::Clock;

/// Where the fixed clock starts: 2022-01-01T00:00:00Z, in seconds since the Unix epoch.
pub(crate) const START: u64 = 1_640_995_200;

/// By how much a look at the fixed clock advances it, in nanoseconds.
const STEP: u64 = 1_000_000;

/// Wall clock and monotonic clock of one evaluation; clones show the same time.
#[derive(Clone)]
pub(crate) struct GuestClock {
    kind: Clock,
    /// Fixed: nanoseconds since the start.
    elapsed: Arc<AtomicU64>,
    /// Real: where the monotonic clock starts.
    started: Instant,
    /// Real: sleeping ends here, so that the engine notices that the time is over.
    deadline: Option<Instant>,
}

impl GuestClock {
    pub(super) fn new(kind: Clock, deadline: Option<Instant>) -> Self {
        Self { kind, elapsed: Arc::new(AtomicU64::new(0)), started: Instant::now(), deadline }
    }

    /// Nanoseconds on the monotonic clock, without advancing it.
    pub(super) fn monotonic(&self) -> u64 {
        match self.kind {
            Clock::Fixed => self.elapsed.load(Ordering::Relaxed),
            Clock::Real => u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX),
        }
    }

    /// Nanoseconds since the Unix epoch on the wall clock, without advancing it.
    pub(super) fn wall(&self) -> u64 {
        match self.kind {
            Clock::Fixed => (START * 1_000_000_000).saturating_add(self.monotonic()),
            Clock::Real => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
            }
        }
    }

    /// Lets `nanoseconds` pass: at once on the fixed clock, really (but not beyond the deadline) on the real one.
    pub(super) fn sleep(&self, nanoseconds: u64) {
        match self.kind {
            Clock::Fixed => {
                self.advance(nanoseconds);
            }
            Clock::Real => {
                let wanted = Duration::from_nanos(nanoseconds);
                let left = self.deadline.map_or(wanted, |deadline| deadline.saturating_duration_since(Instant::now()));
                // A little more than what is left, for the engine's clock to strike.
                thread::sleep(wanted.min(left.saturating_add(Duration::from_millis(1))));
            }
        }
    }

    fn advance(&self, nanoseconds: u64) -> u64 {
        let previous = self.elapsed.load(Ordering::Relaxed);
        // A guest has one thread, so nothing is lost between the two.
        self.elapsed.store(previous.saturating_add(nanoseconds), Ordering::Relaxed);
        previous
    }
}

impl HostWallClock for GuestClock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(STEP)
    }

    fn now(&self) -> Duration {
        let now = self.wall();
        if self.kind == Clock::Fixed {
            self.advance(STEP);
        }
        Duration::from_nanos(now)
    }
}

impl HostMonotonicClock for GuestClock {
    fn resolution(&self) -> u64 {
        STEP
    }

    fn now(&self) -> u64 {
        match self.kind {
            Clock::Fixed => self.advance(STEP),
            Clock::Real => self.monotonic(),
        }
    }
}
