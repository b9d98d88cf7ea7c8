//! Flags and enumerations among the parameters. A value that WASI does not know ends the run, before anything else is looked at.

/// The values that a parameter may have.
pub(super) enum Flags {
    /// Any combination of the bits in this mask.
    Set(u64),
    /// A member of an enumeration with this number of members.
    OneOf(u64),
}

/// The first `count` flags.
const fn set(count: u32) -> Flags {
    Flags::Set((1 << count) - 1)
}

pub(super) const ADVICE: Flags = Flags::OneOf(6);
pub(super) const FD: Flags = set(5);
pub(super) const LOOKUP: Flags = set(1);
pub(super) const OPEN: Flags = set(4);
pub(super) const RECEIVE: Flags = set(2);
pub(super) const RIGHTS: Flags = set(30);
/// No flag is defined, but 16 bits are taken.
pub(super) const SEND: Flags = set(16);
pub(super) const SHUTDOWN: Flags = set(2);
pub(super) const SIGNAL: Flags = Flags::OneOf(31);
pub(super) const TIMES: Flags = set(4);
pub(super) const WHENCE: Flags = Flags::OneOf(3);

/// The right to accept connections, which preview 0 does not know.
pub(super) const RIGHT_ACCEPT: u64 = 1 << 29;

impl Flags {
    /// Whether this value is known.
    pub(super) fn allow(&self, value: u64) -> bool {
        match self {
            Self::Set(flags) => value & !flags == 0,
            Self::OneOf(members) => value < *members,
        }
    }
}

/// Whether a time is to be set both to a given value and to the current time.
pub(super) fn contradictory_times(flags: u64) -> bool {
    [0b0011, 0b1100].iter().any(|both| flags & both == *both)
}
