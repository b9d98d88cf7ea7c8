//! The budget for recorded host calls.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::CallError;

/// The whole budget in bytes: far more than tests record, and not too much for a machine's memory.
const MAX_KEPT: usize = 64 << 20;

/// Cost of a call in the budget besides its own bytes, in bytes.
const OVERHEAD: usize = 256;

/// Bytes of the budget that are spent. The guest decides how many calls it makes, and how large they are.
#[derive(Debug, Default)]
pub(super) struct Kept(AtomicUsize);

impl Kept {
    /// Takes one more call of this size, in bytes, from the budget.
    ///
    /// # Errors
    ///
    /// Ends the run when the budget does not allow it, because a record with gaps would be wrong.
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
