//! Clocks and random bytes: whether a run gives the same outcome every time.

/// Where the fixed clock starts: 2022-01-01T00:00:00Z, in seconds since the Unix epoch.
pub const FIXED_CLOCK_START: u64 = 1_640_995_200;

/// The clocks and random bytes of a run. With the default, the same input gives the same outcome on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Determinism {
    /// The clock of the guest. Default: [`Clock::Fixed`].
    pub clock: Clock,
    /// Where the random bytes come from that the guest gets. Default: [`Randomness::Seeded`].
    pub randomness: Randomness,
    /// Seed of the random bytes, when they are [seeded](Randomness::Seeded). Default: 0.
    pub seed: u64,
}

impl Determinism {
    /// The clocks and the random bytes of this machine.
    pub fn real() -> Self {
        Self { clock: Clock::Real, randomness: Randomness::Real, seed: 0 }
    }
}

/// The clock that a guest sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The wall clock starts at 2022-01-01T00:00:00Z, the monotonic clock at 0. Both advance by 1 ms with every look at
    /// either of them, and by the time that the guest sleeps; sleeping takes no real time.
    ///
    /// For a Chainloop policy it is the clock of its host: a look at one of the two does not advance the other, and
    /// sleeping advances neither.
    #[default]
    Fixed,
    /// The clocks of this machine. Sleeping takes real time, at most until the wall-time limit.
    Real,
}

/// Where a guest's random bytes come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Randomness {
    /// The same bytes every time, decided by [`Determinism::seed`]. A Chainloop policy gets those of Go's `math/rand`, as on its
    /// host, where the seed is 42: that is what 0 stands for.
    #[default]
    Seeded,
    /// The randomness of this machine.
    Real,
}
