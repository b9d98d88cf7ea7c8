//! The wall-time limit of an evaluation: guests are interrupted where they loop and call, host functions look at it themselves.

use std::time::Duration;

use wasmtime::{CallHook, Store, Trap};

use super::State;
use crate::deadline::Deadline;

/// Time between two ticks of the engine's epoch.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// # Errors
///
/// What interrupts a guest, once the time is over.
pub(crate) fn check(deadline: Deadline) -> wasmtime::Result<()> {
    if deadline.is_over() { Err(Trap::Interrupt.into()) } else { Ok(()) }
}

/// Ends the run when a host function returns too late. The engine interrupts guests in loops and at the start of functions only,
/// so a guest that does nothing but call the host one time after the other would not be stopped by it.
pub(super) fn watch(deadline: Deadline, store: &mut Store<State>) {
    store.call_hook(move |_, transition| match transition {
        CallHook::ReturningFromHost => check(deadline),
        _ => Ok(()),
    });
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
