//! What has been freed of an arena, joined to pieces as large as possible.

use std::collections::{BTreeMap, BTreeSet};

/// Free pieces, none of which touches another one.
#[derive(Default)]
pub(super) struct FreeList {
    sizes: BTreeMap<u64, u64>,
    /// The same pieces: size and offset.
    by_size: BTreeSet<(u64, u64)>,
}

impl FreeList {
    /// Adds a piece, and joins it with those that it touches.
    pub(super) fn add(&mut self, mut offset: u64, mut size: u64) {
        if let Some((before, size_before)) = self.sizes.range(..offset).next_back().map(|(at, size)| (*at, *size))
            && before + size_before == offset
        {
            self.remove(before, size_before);
            (offset, size) = (before, size_before + size);
        }
        if let Some(size_after) = self.sizes.get(&(offset + size)).copied() {
            self.remove(offset + size, size_after);
            size += size_after;
        }
        self.sizes.insert(offset, size);
        self.by_size.insert((size, offset));
    }

    /// Takes the smallest piece that is large enough: its offset and its size.
    pub(super) fn take(&mut self, size: u64) -> Option<(u64, u64)> {
        let (size, offset) = self.by_size.range((size, 0)..).next().copied()?;
        self.remove(offset, size);
        Some((offset, size))
    }

    /// Takes the last piece if it ends at `end`, and gives its offset.
    pub(super) fn take_last(&mut self, end: u64) -> Option<u64> {
        let (offset, size) = self.sizes.last_key_value().map(|(offset, size)| (*offset, *size))?;
        if offset + size != end {
            return None;
        }
        self.remove(offset, size);
        Some(offset)
    }

    pub(super) fn clear(&mut self) {
        self.sizes.clear();
        self.by_size.clear();
    }

    fn remove(&mut self, offset: u64, size: u64) {
        self.sizes.remove(&offset);
        self.by_size.remove(&(size, offset));
    }
}
