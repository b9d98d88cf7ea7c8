//! The wall-time limit, in the unit in which the engine interrupts guests.

use std::time::Duration;

/// Time between two ticks of the engine's epoch.
pub(crate) const TICK: Duration = Duration::from_millis(10);

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
