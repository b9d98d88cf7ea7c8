//! Sets of locals.

/// A bit for each local.
pub(super) struct Set(Vec<u64>);

impl Set {
    /// An empty set of `count` locals, if that many words are left; takes them.
    pub(super) fn within(count: usize, words: &mut usize) -> Option<Self> {
        let needed = count.div_ceil(64);
        *words = words.checked_sub(needed)?;
        Some(Self(vec![0; needed]))
    }

    pub(super) fn copy_within(&self, words: &mut usize) -> Option<Self> {
        *words = words.checked_sub(self.0.len())?;
        Some(Self(self.0.clone()))
    }

    pub(super) fn words(&self) -> usize {
        self.0.len()
    }

    pub(super) fn insert(&mut self, local: u32) {
        self.0[local as usize / 64] |= 1 << (local % 64);
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        bits(&self.0)
    }

    /// How many of these locals are in the set.
    pub(super) fn common(&self, other: &[u64]) -> u64 {
        self.0.iter().zip(other).map(|(word, other)| u64::from((word & other).count_ones())).sum()
    }
}

/// The locals of which the bits are set.
pub(super) fn bits(words: &[u64]) -> impl Iterator<Item = u32> {
    words.iter().enumerate().flat_map(|(index, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros())?;
            left &= left - 1;
            Some(index as u32 * 64 + bit)
        })
    })
}
