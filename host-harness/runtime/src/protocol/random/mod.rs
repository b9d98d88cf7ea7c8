//! Random bytes, the same every time unless a test asks for others.

mod go;

use go::GoRandom;

use crate::abi::Generator;
use crate::determinism::Randomness;
use crate::options::RunOptions;

/// Where a guest's random bytes come from.
pub(crate) enum Random {
    SplitMix(SplitMix),
    Go(GoRandom),
    Real,
}

impl Random {
    pub(super) fn new(generator: Generator, options: &RunOptions) -> Self {
        match (options.determinism.randomness, generator) {
            (Randomness::Real, _) => Self::Real,
            (Randomness::Seeded, Generator::SplitMix) => Self::SplitMix(SplitMix { state: options.determinism.seed }),
            (Randomness::Seeded, Generator::Go) => Self::Go(GoRandom::new(options.determinism.seed)),
        }
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8]) -> wasmtime::Result<()> {
        match self {
            Self::SplitMix(random) => random.fill(bytes),
            Self::Go(random) => random.fill(bytes),
            Self::Real => getrandom::fill(bytes)
                .map_err(|error| wasmtime::Error::msg(format!("this machine gives no random bytes: {error}")))?,
        }
        Ok(())
    }
}

/// A SplitMix64 generator: good enough for hash seeds and identifiers of a policy under test, not for keys.
pub(crate) struct SplitMix {
    state: u64,
}

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}
