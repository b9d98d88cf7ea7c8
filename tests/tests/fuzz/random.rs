//! Random numbers that are the same in every run.

/// splitmix64.
pub(super) struct Random(u64);

impl Random {
    /// The numbers of one input: they depend on nothing but these three.
    pub(super) fn new(seed: u64, name: &str, index: usize) -> Self {
        // FNV-1a.
        let name = name
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        Self(name ^ seed.wrapping_mul(0xD134_2543_DE82_EF95) ^ (index as u64).wrapping_mul(0xA076_1D64_78BD_642F))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True once in `n` times.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A small number, mostly, and sometimes a larger one below `end`.
    pub(super) fn skewed(&mut self, end: usize) -> usize {
        let most = 1 << self.below(end.max(1).ilog2() as usize + 1);
        self.below(most.min(end).max(1))
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
