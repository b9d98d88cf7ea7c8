//! The time that a guest sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::deadline::Deadline;
use crate::determinism::{Clock, FIXED_CLOCK_START};

/// By how much a look at the fixed clock advances it, in nanoseconds.
const STEP: u64 = 1_000_000;

/// Wall clock and monotonic clock of one evaluation; clones show the same time.
#[derive(Clone)]
pub(crate) struct GuestClock {
    kind: Clock,
    /// Fixed: nanoseconds since the start, as the wall clock and the monotonic clock have it. It is one counter for both,
    /// unless the clocks are independent.
    wall: Arc<AtomicU64>,
    monotonic: Arc<AtomicU64>,
    /// Real: where the monotonic clock starts.
    started: Instant,
    /// Real: sleeping ends here, so that the time limit ends the run.
    deadline: Deadline,
}

impl GuestClock {
    /// Clocks that move together: what one shows, the other one has seen.
    pub(super) fn together(kind: Clock, deadline: Deadline) -> Self {
        let wall = Arc::new(AtomicU64::new(0));
        Self { kind, monotonic: wall.clone(), wall, started: Instant::now(), deadline }
    }

    /// The clocks of Chainloop's host. When they are fixed, neither sees the other one move, and sleeping moves none.
    pub(super) fn independent(kind: Clock, deadline: Deadline) -> Self {
        Self { monotonic: Arc::new(AtomicU64::new(0)), ..Self::together(kind, deadline) }
    }

    fn is_independent(&self) -> bool {
        !Arc::ptr_eq(&self.wall, &self.monotonic)
    }

    /// Nanoseconds on the monotonic clock, without advancing it.
    pub(super) fn monotonic(&self) -> u64 {
        match self.kind {
            Clock::Fixed => self.monotonic.load(Ordering::Relaxed),
            Clock::Real => u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX),
        }
    }

    /// Nanoseconds since the Unix epoch on the wall clock, without advancing it.
    pub(super) fn wall(&self) -> u64 {
        match self.kind {
            Clock::Fixed => (FIXED_CLOCK_START * 1_000_000_000).saturating_add(self.wall.load(Ordering::Relaxed)),
            Clock::Real => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
            }
        }
    }

    /// Lets `nanoseconds` pass: at once on the fixed clock, really (but not beyond the deadline) on the real one.
    pub(super) fn sleep(&self, nanoseconds: u64) {
        match self.kind {
            Clock::Fixed if self.is_independent() => {}
            Clock::Fixed => {
                advance(&self.wall, nanoseconds);
            }
            Clock::Real => {
                let wanted = Duration::from_nanos(nanoseconds);
                thread::sleep(self.deadline.limits(wanted));
            }
        }
    }

    /// Nanoseconds between two values of the wall clock.
    pub(super) fn wall_resolution(&self) -> u64 {
        if self.is_independent() { 1_000 } else { STEP }
    }

    /// Nanoseconds between two values of the monotonic clock.
    pub(super) fn monotonic_resolution(&self) -> u64 {
        if self.is_independent() { 1 } else { STEP }
    }

    /// Nanoseconds since the Unix epoch, as the guest sees them: looking advances the fixed clock.
    pub(super) fn look_at_wall(&self) -> u64 {
        let now = self.wall();
        if self.kind == Clock::Fixed {
            advance(&self.wall, STEP);
        }
        now
    }

    /// Nanoseconds on the monotonic clock, as the guest sees them: looking advances the fixed clock.
    pub(super) fn look_at_monotonic(&self) -> u64 {
        match self.kind {
            Clock::Fixed => advance(&self.monotonic, STEP),
            Clock::Real => self.monotonic(),
        }
    }
}

fn advance(counter: &AtomicU64, nanoseconds: u64) -> u64 {
    let previous = counter.load(Ordering::Relaxed);
    // A guest has one thread, so nothing is lost between the two.
    counter.store(previous.saturating_add(nanoseconds), Ordering::Relaxed);
    previous
}
