//! Work that is handed over, of which only so much waits.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::corpus::Piece;

/// Bytes that may wait. What is larger waits alone.
const MAX_WAITING: usize = 16 << 20;

/// Pieces that may wait.
const MAX_PIECES: usize = 256;

/// Pieces on their way from whoever reads to those who evaluate.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    pieces: VecDeque<Piece>,
    bytes: usize,
    /// Nothing comes any more.
    ended: bool,
    /// Somebody who evaluates is gone, and nothing is taken any more.
    broken: bool,
}

impl Queue {
    /// Hands a piece over, when there is room; false when nobody takes it.
    pub(super) fn push(&self, piece: Piece) -> bool {
        let size = piece.size();
        let full = |waiting: &mut Waiting| {
            let room = waiting.bytes + size <= MAX_WAITING && waiting.pieces.len() < MAX_PIECES;
            !room && !waiting.pieces.is_empty() && !waiting.broken
        };
        let mut waiting = self.changed.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        waiting.bytes += size;
        waiting.pieces.push_back(piece);
        self.changed.notify_all();
        !waiting.broken
    }

    /// The next piece, when there is one; nothing when none comes any more.
    pub(super) fn pop(&self) -> Option<Piece> {
        let empty = |waiting: &mut Waiting| waiting.pieces.is_empty() && !waiting.ended;
        let mut waiting = self.changed.wait_while(self.lock(), empty).unwrap_or_else(PoisonError::into_inner);
        let piece = waiting.pieces.pop_front()?;
        waiting.bytes -= piece.size();
        self.changed.notify_all();
        Some(piece)
    }

    /// Nothing comes any more.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }

    /// Nothing is taken any more.
    pub(super) fn break_off(&self) {
        self.lock().broken = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
