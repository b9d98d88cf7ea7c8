//! Flags and enumerations among the parameters. A value that WASI does not know is refused before anything else is looked at.

/// The values that a parameter may have.
pub(super) struct Flags {
    /// Width in bits; what is passed above it is ignored.
    width: u32,
    /// Largest value: the sum of all flags, or the last member of an enumeration.
    last: u64,
    /// Whether the value is a set of flags, where `last` has every bit that is known.
    set: bool,
}

const fn set(width: u32, flags: u32) -> Flags {
    Flags { width, last: (1 << flags) - 1, set: true }
}

const fn one_of(width: u32, members: u64) -> Flags {
    Flags { width, last: members - 1, set: false }
}

pub(super) const ADVICE: Flags = one_of(8, 6);
pub(super) const FD: Flags = set(16, 5);
pub(super) const LOOKUP: Flags = set(32, 1);
pub(super) const OPEN: Flags = set(16, 4);
pub(super) const RECEIVE: Flags = set(16, 2);
pub(super) const RIGHTS: Flags = set(64, 30);
/// Preview 0 has no right to accept connections.
pub(super) const RIGHTS_0: Flags = set(64, 29);
pub(super) const SHUTDOWN: Flags = set(8, 2);
pub(super) const SIGNAL: Flags = one_of(8, 31);
pub(super) const TIMES: Flags = set(16, 4);
pub(super) const WHENCE: Flags = one_of(8, 3);

impl Flags {
    /// The same values as preview 0 has them.
    pub(super) fn in_preview_0(&self) -> &Self {
        if self.width == RIGHTS.width { &RIGHTS_0 } else { self }
    }

    /// Whether this value is known.
    pub(super) fn allow(&self, value: u64) -> bool {
        let value = if self.width == 64 { value } else { value & ((1 << self.width) - 1) };
        if self.set { value & !self.last == 0 } else { value <= self.last }
    }
}

/// Whether a time of access or modification is to be both the one given and the one of now.
pub(super) fn contradictory_times(flags: u64) -> bool {
    [0b0011, 0b1100].iter().any(|both| flags & both == *both)
}
