//! How many evaluations go on at once.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The places of a pool of instances; clones are the same ones.
#[derive(Clone)]
pub(crate) struct Places(Option<Arc<Pool>>);

struct Pool {
    free: Mutex<u32>,
    freed: Condvar,
}

/// A place, which is free again when this is dropped.
pub(crate) struct Place(Option<Arc<Pool>>);

impl Places {
    pub(crate) fn unlimited() -> Self {
        Self(None)
    }

    pub(crate) fn new(count: u32) -> Self {
        Self(Some(Arc::new(Pool { free: Mutex::new(count), freed: Condvar::new() })))
    }

    /// Waits for a place; none when there is none within this time.
    pub(crate) fn take(&self, within: Duration) -> Option<Place> {
        let Some(pool) = &self.0 else { return Some(Place(None)) };
        let until = Instant::now().checked_add(within);
        let mut free = pool.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            let left = until.map_or(within, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return None;
            }
            free = pool.freed.wait_timeout(free, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *free -= 1;
        Some(Place(Some(Arc::clone(pool))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(pool) = &self.0 {
            *pool.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            pool.freed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn who_comes_too_late_waits() {
        let places = Places::new(1);
        let taken = places.take(Duration::ZERO).expect("a place");
        assert!(places.take(Duration::from_millis(5)).is_none());
        thread::scope(|scope| {
            let waiting = scope.spawn(|| places.take(Duration::from_secs(60)).is_some());
            drop(taken);
            assert!(waiting.join().expect("it does not panic"));
        });
        assert!(places.take(Duration::ZERO).is_some());
    }

    #[test]
    fn without_a_pool_there_is_always_one() {
        let places = Places::unlimited();
        let all: Vec<_> = (0..1000).map(|_| places.take(Duration::ZERO).expect("a place")).collect();
        assert_eq!(all.len(), 1000);
    }
}
