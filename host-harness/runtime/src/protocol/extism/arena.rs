//! The memory that an Extism plug-in and its host exchange blocks of bytes in.
//!
//! It belongs to the host: plug-ins reach it through functions, byte by byte or eight bytes at a time. Upstream it is the
//! linear memory of a small module. So it consists of whole pages here as well, and bytes between and in front of the blocks
//! can be read and written, too.

use std::collections::BTreeMap;

use super::free_list::FreeList;
use crate::protocol::limiter::Limiter;

/// The heap grows by whole pages of this size, in bytes.
const PAGE: u64 = 64 << 10;

/// Upstream's addresses have 32 bits.
const MAX: u64 = 1 << 32;

/// First address at which blocks can be. Upstream has data of its own below.
const FLOOR: u64 = 64;

/// Where the input is. Never 0, which is no block.
const INPUT: u64 = 128;

/// Blocks start at multiples of this.
const ALIGNMENT: u64 = 16;

/// Bytes that a block costs besides its content: they pay for the host's own records of it.
const OVERHEAD: u64 = 48;

/// Smallest rest of a free piece, in bytes, that becomes a free piece of its own.
const SPLIT: u64 = 128;

/// Blocks, by their offsets.
#[derive(Default)]
pub(super) struct Arena {
    input: Vec<u8>,
    /// Where the heap starts: at the first page behind the input.
    heap_start: u64,
    /// Whole pages.
    heap: Vec<u8>,
    /// Bytes of the heap, from its start, that blocks were made of. They include freed blocks.
    cut: u64,
    active: BTreeMap<u64, Block>,
    free: FreeList,
}

#[derive(Clone, Copy)]
struct Block {
    used: u64,
    /// Bytes that the block takes of the heap, with alignment and overhead; 0 for the input.
    size: u64,
}

impl Arena {
    /// An arena with the input as its only block. An empty input is no block.
    pub(super) fn new(input: Vec<u8>, limiter: &mut Limiter) -> wasmtime::Result<Self> {
        let used = input.len() as u64;
        let heap_start = INPUT.saturating_add(used).next_multiple_of(PAGE);
        limiter.grow_arena(used)?;
        let block = Block { used, size: 0 };
        let active = BTreeMap::from_iter((used > 0).then_some((INPUT, block)));
        Ok(Self { input, heap_start, active, ..Self::default() })
    }

    /// Offset and length of the input, which are both 0 when it is empty.
    pub(super) fn input(&self) -> (u64, u64) {
        self.active.get(&INPUT).map_or((0, 0), |block| (INPUT, block.used))
    }

    /// A new block; 0 when it would be empty, or when upstream could not make it either.
    ///
    /// # Errors
    ///
    /// Ends the run when the memory limit does not allow it.
    pub(super) fn alloc(&mut self, len: u64, limiter: &mut Limiter) -> wasmtime::Result<u64> {
        if len == 0 || len > MAX {
            return Ok(0);
        }
        let size = len.next_multiple_of(ALIGNMENT) + OVERHEAD;
        let (offset, size) = match self.free.take(size) {
            Some((offset, found)) if found - size < SPLIT => (offset, found),
            Some((offset, found)) => {
                self.free.add(offset + size, found - size);
                (offset, size)
            }
            None if !self.reserve(self.cut + size, limiter)? => return Ok(0),
            None => {
                let offset = self.heap_start + self.cut;
                self.cut += size;
                (offset, size)
            }
        };
        self.active.insert(offset, Block { used: len, size });
        Ok(offset)
    }

    /// A new block with these bytes.
    ///
    /// # Errors
    ///
    /// As for [`alloc`](Self::alloc).
    pub(super) fn put(&mut self, bytes: &[u8], limiter: &mut Limiter) -> wasmtime::Result<u64> {
        let offset = self.alloc(bytes.len() as u64, limiter)?;
        if let Some(place) = self.heap_mut(offset, bytes.len()) {
            place.copy_from_slice(bytes);
        }
        Ok(offset)
    }

    /// Frees the block at this offset; does nothing when there is none.
    pub(super) fn free(&mut self, offset: u64) {
        let Some(Block { size, .. }) = self.active.remove(&offset) else { return };
        if offset < self.heap_start {
            return;
        }
        self.free.add(offset, size);
        if let Some(last) = self.free.take_last(self.heap_start + self.cut) {
            self.cut = last - self.heap_start;
        }
    }

    /// Frees every block.
    pub(super) fn reset(&mut self) {
        self.active.clear();
        self.free.clear();
        self.cut = 0;
    }

    /// The length of the block that starts here; 0 when none does.
    pub(super) fn length(&self, offset: u64) -> u64 {
        self.active.get(&offset).map_or(0, |block| block.used)
    }

    /// The bytes of the block that starts here; none when none does.
    pub(super) fn block(&self, offset: u64) -> &[u8] {
        let len = self.length(offset) as usize;
        let (segment, start) = self.segment(offset);
        start.and_then(|start| segment.get(start..start + len)).unwrap_or_default()
    }

    /// Whether blocks can lie here.
    pub(super) fn contains(&self, address: u64) -> bool {
        (FLOOR..self.end()).contains(&address)
    }

    /// Size of the range in which blocks can be, in bytes.
    pub(super) fn size(&self) -> u64 {
        self.end().saturating_sub(FLOOR)
    }

    /// Any bytes, wherever blocks begin and end; none when they are not all there.
    pub(super) fn bytes(&self, address: u64, len: u64) -> Option<Vec<u8>> {
        let end = address.checked_add(len).filter(|end| *end <= self.end())?;
        let (segment, start) = self.segment(address);
        let whole = start.and_then(|start| segment.get(start..start + len as usize));
        Some(whole.map_or_else(|| (address..end).map(|address| self.byte(address)).collect(), <[u8]>::to_vec))
    }

    /// As many bytes as fit into the result; none when they are not all there.
    pub(super) fn load<const N: usize>(&self, address: u64) -> Option<[u8; N]> {
        let (segment, start) = self.segment(address);
        if let Some(bytes) = start.and_then(|start| segment.get(start..)?.first_chunk()) {
            return Some(*bytes);
        }
        address.checked_add(N as u64).filter(|end| *end <= self.end())?;
        let mut bytes = [0; N];
        for (place, address) in bytes.iter_mut().zip(address..) {
            *place = self.byte(address);
        }
        Some(bytes)
    }

    /// Writes bytes; `false` when a part of them is outside of the arena. Bytes outside of input and heap are not kept.
    pub(super) fn store(&mut self, address: u64, bytes: &[u8]) -> bool {
        if address.checked_add(bytes.len() as u64).is_none_or(|end| end > self.end()) {
            return false;
        }
        if let Some(place) = self.heap_mut(address, bytes.len()) {
            place.copy_from_slice(bytes);
            return true;
        }
        for (address, byte) in (address..).zip(bytes) {
            if let Some(place) = self.heap_mut(address, 1) {
                place[0] = *byte;
            } else if let Some(place) = address.checked_sub(INPUT).and_then(|at| self.input.get_mut(at as usize)) {
                *place = *byte;
            }
        }
        true
    }

    fn end(&self) -> u64 {
        self.heap_start + self.heap.len() as u64
    }

    /// Input or heap, and where the address is in it.
    fn segment(&self, address: u64) -> (&[u8], Option<usize>) {
        match address.checked_sub(self.heap_start) {
            Some(at) => (&self.heap, usize::try_from(at).ok()),
            None => (&self.input, address.checked_sub(INPUT).map(|at| at as usize)),
        }
    }

    fn byte(&self, address: u64) -> u8 {
        let (segment, start) = self.segment(address);
        start.and_then(|start| segment.get(start)).copied().unwrap_or_default()
    }

    fn heap_mut(&mut self, address: u64, len: usize) -> Option<&mut [u8]> {
        let start = usize::try_from(address.checked_sub(self.heap_start)?).ok()?;
        self.heap.get_mut(start..start.checked_add(len)?)
    }

    /// Makes the heap at least this long; `false` beyond upstream's addresses, or when the machine has no memory left.
    fn reserve(&mut self, len: u64, limiter: &mut Limiter) -> wasmtime::Result<bool> {
        let wanted = len.next_multiple_of(PAGE);
        let more = wanted.saturating_sub(self.heap.len() as u64);
        if more == 0 {
            return Ok(true);
        }
        if self.heap_start + wanted > MAX {
            return Ok(false);
        }
        limiter.grow_arena(more)?;
        if self.heap.try_reserve(more as usize).is_err() {
            return Ok(false);
        }
        self.heap.resize(wanted as usize, 0);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arena(input: &[u8]) -> (Arena, Limiter) {
        let mut limiter = Limiter::new(1 << 20);
        (Arena::new(input.to_vec(), &mut limiter).expect("there is room"), limiter)
    }

    #[test]
    fn blocks_have_a_beginning_and_a_length() {
        let (mut arena, mut limiter) = arena(b"input");
        let block = arena.put(b"bytes", &mut limiter).expect("there is room");
        assert_eq!((arena.length(block), arena.length(block + 1), arena.block(block)), (5, 0, &b"bytes"[..]));
        let (offset, len) = arena.input();
        assert_eq!((offset > 0, len, arena.block(offset)), (true, 5, &b"input"[..]));
        arena.free(block);
        arena.free(block);
        arena.free(7);
        assert_eq!((arena.length(block), arena.block(block)), (0, &b""[..]));
        assert_eq!(arena.bytes(block, 5).as_deref(), Some(&b"bytes"[..]), "it is still there");
    }

    #[test]
    fn freed_blocks_are_used_again() {
        let (mut arena, mut limiter) = arena(b"");
        for _ in 0..10_000 {
            let [first, second] = [1000, 20].map(|len| arena.alloc(len, &mut limiter).expect("there is room"));
            arena.free(first);
            let third = arena.alloc(500, &mut limiter).expect("there is room");
            assert_eq!(third, first);
            arena.free(second);
            arena.free(third);
        }
        assert_eq!(arena.end(), 2 * PAGE);
    }

    #[test]
    fn every_byte_of_its_pages_is_there() {
        let (mut arena, mut limiter) = arena(&[7; 100]);
        assert_eq!(arena.load(INPUT + 96), Some([7, 7, 7, 7, 0, 0, 0, 0]), "across the end of the input");
        assert!(arena.store(INPUT + 96, &[1; 8]));
        assert_eq!(arena.load(INPUT + 95), Some([7, 1, 1, 1, 1, 0]));
        assert_eq!((arena.load(0), arena.load::<1>(PAGE)), (Some([0; 8]), None));
        assert_eq!((arena.load::<8>(PAGE - 8).is_some(), arena.load::<8>(PAGE - 7)), (true, None));
        assert!(!arena.store(PAGE - 7, &[1; 8]) && !arena.store(u64::MAX, &[1]));
        let block = arena.alloc(1, &mut limiter).expect("there is room");
        assert_eq!(block, PAGE);
        assert!(arena.store(PAGE - 4, &[9; 8]), "across the border of input and heap");
        assert_eq!(arena.load(PAGE - 4), Some([0, 0, 0, 0, 9, 9, 9, 9]));
        assert_eq!(arena.bytes(PAGE - 1, 2), Some(vec![0, 9]));
        assert_eq!(arena.bytes(u64::MAX, 2), None);
    }

    #[test]
    fn what_does_not_fit() {
        let (mut arena, mut limiter) = arena(b"");
        assert_eq!(arena.alloc(0, &mut limiter).ok(), Some(0));
        for len in [MAX - 10, MAX, u64::MAX] {
            assert_eq!(arena.alloc(len, &mut limiter).ok(), Some(0), "upstream has no room for {len}");
        }
        assert!(arena.alloc(2 << 20, &mut limiter).is_err(), "the limit");
        assert!(Arena::new(vec![0; 2 << 20], &mut limiter).is_err(), "the limit");
    }
}
