//! When an evaluation has to be over, for the host's part of it.

use std::time::{Duration, Instant};

/// When an evaluation has to be over; never, when that is later than the system can count.
///
/// A guest is interrupted by then. What answers its calls sees it as an argument of
/// [`Capabilities::call_until`](crate::Capabilities::call_until).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// No end at all.
    pub const NEVER: Self = Self(None);

    /// The end of `time` from now on.
    pub fn after(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }

    /// What is left of `wanted` until then.
    pub fn limits(self, wanted: Duration) -> Duration {
        self.0.map_or(wanted, |end| wanted.min(end.saturating_duration_since(Instant::now())))
    }

    /// Whether the time is up.
    pub fn is_over(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_limited_until_it_is_over() {
        let hour = Duration::from_secs(3600);
        assert!(Deadline::after(Duration::ZERO).is_over());
        assert_eq!(Deadline::after(Duration::ZERO).limits(hour), Duration::ZERO);
        assert!(!Deadline::after(hour).is_over());
        assert!(Deadline::after(hour).limits(2 * hour) <= hour);
        assert_eq!(Deadline::after(Duration::MAX), Deadline::NEVER);
        assert_eq!(Deadline::NEVER.limits(hour), hour);
    }
}
