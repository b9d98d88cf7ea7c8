//! The random bytes of Chainloop's host: Go's `math/rand`, which its WebAssembly runtime reads with a fixed seed.
//!
//! Go's generator is an additive lagged Fibonacci one, whose state is that of the seed mixed with a table: the state of a
//! generator of the same kind after 7.8e12 steps. The table is not written down here but computed, which a jump of so many
//! steps makes possible: the state is linear in the first one, so `x^7.8e12` modulo the characteristic polynomial says how
//! much of each of its words is in it.

use std::sync::OnceLock;

/// Words of the state, and the distance of the two that are added.
const LENGTH: usize = 607;
const TAP: usize = 273;

/// How many steps the table is away from its seed.
const STEPS: u64 = 7_800_000_000_000;

/// The modulus of the generator that seeds come from.
const MODULUS: u64 = (1 << 31) - 1;

/// What Go takes for a seed of zero.
const INSTEAD_OF_ZERO: u64 = 89_482_311;

/// The seed of Chainloop's host.
const SEED: u64 = 42;

/// Bytes that are taken of each number.
const BYTES: u8 = 7;

type Words = Box<[u64; LENGTH]>;

/// Go's `rand.New(rand.NewSource(seed))`, read as a stream of bytes. The table is computed when the first one is read.
pub(crate) struct GoRandom {
    seed: u64,
    source: Option<Source>,
    value: u64,
    left: u8,
}

impl GoRandom {
    /// 0 stands for the seed of Chainloop's host.
    pub(in crate::protocol) fn new(seed: u64) -> Self {
        Self { seed: if seed == 0 { SEED } else { seed }, source: None, value: 0, left: 0 }
    }

    pub(in crate::protocol) fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.left == 0 {
                self.value = self.source.get_or_insert_with(|| Source::new(self.seed)).next();
                self.left = BYTES;
            }
            *byte = self.value as u8;
            self.value >>= 8;
            self.left -= 1;
        }
    }
}

/// Go's `rngSource`.
struct Source {
    words: Words,
    tap: usize,
    feed: usize,
}

impl Source {
    fn new(seed: u64) -> Self {
        // Go has signed seeds, and takes the remainder of those.
        let seed = (seed as i64).rem_euclid(MODULUS as i64) as u64;
        let mut words = seeded(if seed == 0 { INSTEAD_OF_ZERO } else { seed }, [40, 20]);
        for (word, cooked) in words.iter_mut().zip(table().iter()) {
            *word ^= cooked;
        }
        Self { words, tap: 0, feed: LENGTH - TAP }
    }

    /// Go's `Int63`.
    fn next(&mut self) -> u64 {
        self.tap = self.tap.checked_sub(1).unwrap_or(LENGTH - 1);
        self.feed = self.feed.checked_sub(1).unwrap_or(LENGTH - 1);
        let sum = self.words[self.feed].wrapping_add(self.words[self.tap]);
        self.words[self.feed] = sum;
        sum & (u64::MAX >> 1)
    }
}

/// The state that a seed gives. Three numbers make a word, the first two shifted.
fn seeded(seed: u64, shifts: [u32; 2]) -> Words {
    let mut number = seed;
    let mut next = move || {
        number = number * 48_271 % MODULUS;
        number
    };
    (0..20).for_each(|_| {
        next();
    });
    let mut words = Box::new([0; LENGTH]);
    for word in words.iter_mut() {
        *word = next() << shifts[0];
        *word ^= next() << shifts[1];
        *word ^= next();
    }
    words
}

/// Go's `rngCooked`.
fn table() -> &'static [u64; LENGTH] {
    static TABLE: OnceLock<Words> = OnceLock::new();
    TABLE.get_or_init(|| after(&seeded(1, [20, 10]), STEPS))
}

/// The state after so many steps.
///
/// The words that steps write are a sequence in which `y[n] = y[n - 607] + y[n - 273]`. A step writes one place further
/// down than the one before, the first one to place 333, so the first state holds the sequence from place 333 + 607
/// downwards, round and round.
fn after(first: &[u64; LENGTH], steps: u64) -> Words {
    let place = |index: u64| {
        let below = (index % LENGTH as u64) as usize;
        (LENGTH - TAP - 1 + LENGTH - below) % LENGTH
    };
    let mut sequence: Vec<u64> = (0..LENGTH as u64).map(|index| first[place(index)]).collect();
    for index in LENGTH..2 * LENGTH {
        sequence.push(sequence[index - LENGTH].wrapping_add(sequence[index - TAP]));
    }
    let shares = power(steps);
    let mut state = Box::new([0; LENGTH]);
    for (offset, window) in sequence.windows(LENGTH).take(LENGTH).enumerate() {
        let products = window.iter().zip(shares.iter()).map(|(word, share)| word.wrapping_mul(*share));
        state[place(steps % LENGTH as u64 + offset as u64)] = products.fold(0, u64::wrapping_add);
    }
    state
}

/// `x^exponent` modulo `x^607 - x^334 - 1`, by squaring.
fn power(exponent: u64) -> Words {
    let mut result: Words = Box::new([0; LENGTH]);
    result[0] = 1;
    for bit in (0..u64::BITS - exponent.leading_zeros()).rev() {
        result = squared(&result);
        if exponent >> bit & 1 == 1 {
            result = shifted(&result);
        }
    }
    result
}

fn squared(factor: &[u64; LENGTH]) -> Words {
    let mut product = [0_u64; 2 * LENGTH - 1];
    for (at, left) in factor.iter().enumerate() {
        for (sum, right) in product[at..].iter_mut().zip(factor) {
            *sum = sum.wrapping_add(left.wrapping_mul(*right));
        }
    }
    for degree in (LENGTH..product.len()).rev() {
        let excess = product[degree];
        for lower in [degree - LENGTH, degree - TAP] {
            product[lower] = product[lower].wrapping_add(excess);
        }
    }
    let mut result = Box::new([0; LENGTH]);
    result.copy_from_slice(&product[..LENGTH]);
    result
}

/// The polynomial, multiplied by `x`.
fn shifted(factor: &[u64; LENGTH]) -> Words {
    let mut result = Box::new([0; LENGTH]);
    result[1..].copy_from_slice(&factor[..LENGTH - 1]);
    let excess = factor[LENGTH - 1];
    result[0] = excess;
    result[LENGTH - TAP] = result[LENGTH - TAP].wrapping_add(excess);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_as_good_as_steps() {
        let first = seeded(1, [20, 10]);
        for steps in [0, 1, 272, 273, 606, 607, 608, 5_000] {
            let mut walked = Source { words: first.clone(), tap: 0, feed: LENGTH - TAP };
            (0..steps).for_each(|_| {
                walked.next();
            });
            assert_eq!(walked.words, after(&first, steps), "{steps} steps");
        }
    }

    #[test]
    fn the_numbers_are_those_of_go() {
        let mut source = Source::new(42);
        assert_eq!([source.next(), source.next()], [3_440_579_354_231_278_675, 608_747_136_543_856_411]);
        let mut bytes = [0; 8];
        GoRandom::new(0).fill(&mut bytes);
        assert_eq!(bytes, [0x53, 0x8c, 0x7f, 0x96, 0xb1, 0x64, 0xbf, 0x1b]);
        let (mut one, mut rest) = ([0; 5], [0; 3]);
        let mut random = GoRandom::new(42);
        random.fill(&mut one);
        random.fill(&mut rest);
        assert_eq!([&one[..], &rest[..]].concat(), bytes);
    }

    #[test]
    fn other_seeds_are_those_of_go() {
        // `rand.New(rand.NewSource(1)).Int63()`, the number that every Go program printed before seeds were random.
        assert_eq!(Source::new(1).next(), 5_577_006_791_947_779_410);
    }
}
