//! How much is kept of what a guest says.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::CallError;

/// More than any test looks at, less than would hurt.
const MAX_KEPT: usize = 64 << 20;

/// What a call costs besides its bytes.
const OVERHEAD: usize = 256;

/// The bytes that were kept of calls: the guest decides how many it makes, and how large they are.
#[derive(Debug, Default)]
pub(super) struct Kept(AtomicUsize);

impl Kept {
    /// Makes room for one more call with so many bytes.
    ///
    /// # Errors
    ///
    /// Ends the run when there is none: a record with holes would not be what happened.
    pub(super) fn keep(&self, bytes: usize) -> Result<(), CallError> {
        let cost = bytes.saturating_add(OVERHEAD);
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |kept| {
            kept.checked_add(cost).filter(|kept| *kept <= MAX_KEPT)
        });
        before.map(drop).map_err(|_| {
            let limit = MAX_KEPT >> 20;
            CallError::Unanswerable(format!("its host calls are more than the {limit} MiB that are kept of them"))
        })
    }
}
