//! The wall-time limit of an evaluation: guests are interrupted where they loop and call, host functions look at it themselves.

use std::time::{Duration, Instant};

use wasmtime::{CallHook, Store, Trap};

use super::State;

/// Time between two ticks of the engine's epoch.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// When an evaluation has to be over; none when that is later than the system can count.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// The end of `time` from now on.
    pub(crate) fn after(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }

    /// What is left of `wanted` until then.
    pub(crate) fn limits(self, wanted: Duration) -> Duration {
        self.0.map_or(wanted, |end| wanted.min(end.saturating_duration_since(Instant::now())))
    }

    /// # Errors
    ///
    /// What interrupts a guest, once the time is over.
    pub(crate) fn check(self) -> wasmtime::Result<()> {
        match self.0 {
            Some(end) if Instant::now() >= end => Err(Trap::Interrupt.into()),
            _ => Ok(()),
        }
    }

    /// Ends the run when a host function returns too late. The engine interrupts guests in loops and at the start of functions only,
    /// so a guest that does nothing but call the host one time after the other would not be stopped by it.
    pub(super) fn watch(self, store: &mut Store<State>) {
        store.call_hook(move |_, transition| match transition {
            CallHook::ReturningFromHost => self.check(),
            _ => Ok(()),
        });
    }
}

/// The number of ticks after which `time` is certainly over: the first one may come at once.
pub(crate) fn ticks(time: Duration) -> u64 {
    let ticks = time.as_nanos().div_ceil(TICK.as_nanos()).saturating_add(1);
    // The engine adds this to its epoch counter, which must not overflow.
    u64::try_from(ticks).unwrap_or(u64::MAX).min(u64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_never_shorter_than_asked_for() {
        assert_eq!(ticks(Duration::ZERO), 1);
        assert_eq!(ticks(Duration::from_nanos(1)), 2);
        assert_eq!(ticks(TICK), 2);
        assert_eq!(ticks(TICK * 100), 101);
        assert_eq!(ticks(Duration::MAX), u64::MAX / 4);
    }
}
