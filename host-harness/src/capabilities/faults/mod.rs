//! Answers that go wrong on purpose.

mod answers;
mod faulty;
mod http;

use std::fmt;

use super::HostCapabilities;
pub use faulty::{Faulty, SeenCall};

/// A fault: what is wrong with the answer to a call, on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The host fails with this text, which a guest on Kubewarden receives as `Callback evaluation failure: …`. A guest on
    /// Chainloop is not told why `chainloop/discover` has no answer, and does not survive an `http/request` without one.
    Fail(String),
    /// The host takes so long that the policy's time is up. The run ends at once, as Kubewarden would end it then.
    Timeout,
    /// The answer is not JSON. Of `http/request` it is the body that goes wrong, here and below, with status 200.
    Garbage,
    /// The answer breaks off in the middle. Needs an answer, and leaves a failure of the host as it is.
    Truncated,
    /// The answer is JSON of another shape: an array with a string in it.
    OtherShape,
    /// The answer is empty: no items in a list, no `ips`, an empty object in place of a resource, a manifest or a
    /// configuration, no body, an artifact with nothing but a digest and a kind. Does not apply to the other operations,
    /// whose answers cannot be empty.
    Empty,
    /// There are 3,000 items in a list, 3,000 `ips` or 3,000 `references` of an item: what was there, and more like it under names of their own. Does not
    /// apply to other answers.
    Many,
}

impl Fault {
    /// The default text of [`Fail`](Self::Fail).
    pub const DEFAULT_FAILURE: &'static str = "the host failed on purpose";

    /// One of each kind, in the order of reports.
    pub fn all() -> [Self; 7] {
        [
            Self::Fail(Self::DEFAULT_FAILURE.to_owned()),
            Self::Timeout,
            Self::Garbage,
            Self::Truncated,
            Self::OtherShape,
            Self::Empty,
            Self::Many,
        ]
    }

    /// The word in case files and reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fail(_) => "fail",
            Self::Timeout => "timeout",
            Self::Garbage => "garbage",
            Self::Truncated => "truncated",
            Self::OtherShape => "other-shape",
            Self::Empty => "empty",
            Self::Many => "many",
        }
    }

    /// Whether the policy is left without an answer that it could use. An empty answer and a long one are answers.
    pub fn withholds_answer(&self) -> bool {
        !matches!(self, Self::Empty | Self::Many)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A fault, and the calls that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRule {
    /// The operations: patterns as [`HostCapabilities::parse_calls`] reads them.
    pub calls: HostCapabilities,
    /// Which of these calls, counted from 1; every one when absent.
    pub nth: Option<u64>,
    /// The fault to inject.
    pub fault: Fault,
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at ", self.fault)?;
        match self.nth {
            Some(nth) => write!(f, "call {nth} of {}", self.calls),
            None => write!(f, "every call of {}", self.calls),
        }
    }
}
