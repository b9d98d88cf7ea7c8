//! Which locals have values that are needed, from one piece of code to the next.

use super::set::bits;
use super::{Flow, Next, WORDS};

/// To keep a value from one piece to the next takes as long as from one operator to the one behind as many.
const PIECE: u64 = 10;

/// Steps in which words of 64 locals are looked at, before it is given up to know which are needed.
const STEPS: u64 = 100_000_000;

/// What is needed, in all of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::cost) struct Needed {
    /// At all operators, how many values have to be kept for locals. An operator at the end of a piece counts as more.
    pub(in crate::cost) kept: u64,
    /// On all edges of the control flow, how many locals have several values where the edge leads to, of which one is needed.
    pub(in crate::cost) merged: u64,
}

impl Flow {
    /// What is needed; as if everything was, everywhere, when it is too much to know.
    pub(in crate::cost) fn needed(mut self) -> Needed {
        let (locals, words) = (self.locals.len(), self.locals.len().div_ceil(64));
        let edges: u64 = self.labels.iter().map(|label| label.edges).sum();
        let everything = |kept| Needed { kept, merged: edges.saturating_mul(locals as u64) };
        self.resolve();
        let fits = self.pieces.len().checked_mul(words).is_some_and(|all| all <= WORDS);
        // Without branches nothing comes together, and nothing is needed elsewhere.
        if self.pieces.len() == 1 {
            return Needed { kept: self.inside, merged: 0 };
        }
        let Some(live) = (fits && !self.is_incomplete && self.steps > 0).then(|| self.live(words)).flatten() else {
            return everything(self.inside);
        };
        let of = |piece: usize| &live[piece * words..(piece + 1) * words];
        let mut needed = Needed { kept: self.inside, merged: 0 };
        for label in self.labels.iter().filter(|label| label.edges > 1 || label.is_loop) {
            let Some(piece) = label.piece else { continue };
            let several = match &label.written {
                // At the start of a loop the compiler does not know yet what is written to in it, nor from where it is repeated.
                _ if label.is_loop => of(piece).iter().map(|word| u64::from(word.count_ones())).sum(),
                Some(written) => written.common(of(piece)),
                None => 0,
            };
            needed.merged = needed.merged.saturating_add(several.saturating_mul(label.edges));
        }
        let mut weights = vec![1_u64; locals];
        for (number, piece) in self.pieces.iter().enumerate() {
            piece.merged.iter().for_each(|local| weights[*local as usize] = 1);
            let kept = bits(of(number)).fold(0_u64, |sum, local| sum.saturating_add(weights[local as usize]));
            needed.kept = needed.kept.saturating_add(kept.saturating_mul(PIECE + piece.operators));
            piece.writes.iter().for_each(|(local, weight)| weights[*local as usize] = *weight);
        }
        needed
    }

    /// Replaces labels by the pieces that start there.
    fn resolve(&mut self) {
        for piece in &mut self.pieces {
            let mut next: Vec<usize> = piece
                .next
                .iter()
                .filter_map(|next| match next {
                    Next::Piece(piece) => Some(*piece),
                    Next::Label(label) => self.labels[*label].piece,
                })
                .collect();
            next.sort_unstable();
            next.dedup();
            piece.next = next.into_iter().map(Next::Piece).collect();
        }
    }

    /// For each piece, the locals that are needed at its start; `None` when that takes too many steps.
    fn live(&self, words: usize) -> Option<Vec<u64>> {
        let mut live = vec![0_u64; self.pieces.len() * words];
        let mut now = vec![0_u64; words];
        let mut steps = STEPS;
        loop {
            let mut changed = false;
            for (number, piece) in self.pieces.iter().enumerate().rev() {
                let uses = piece.reads.len() + piece.writes.len();
                steps = steps.checked_sub(((piece.next.len() + 1) * words + uses) as u64)?;
                now.fill(0);
                for next in &piece.next {
                    let Next::Piece(next) = next else { continue };
                    let next = &live[next * words..(next + 1) * words];
                    now.iter_mut().zip(next).for_each(|(word, next)| *word |= next);
                }
                for (local, _) in &piece.writes {
                    now[*local as usize / 64] &= !(1 << (local % 64));
                }
                for local in &piece.reads {
                    now[*local as usize / 64] |= 1 << (local % 64);
                }
                let before = &mut live[number * words..(number + 1) * words];
                if before != now {
                    before.copy_from_slice(&now);
                    changed = true;
                }
            }
            if !changed {
                return Some(live);
            }
        }
    }
}
