//! The audit scanner, which asks policies about what is in the cluster already.
//!
//! It makes a review of a stored object ([`read_stored`](crate::request::read_stored)) and takes the policy's own answer: no
//! [`Enforcement`](super::Enforcement). Some policies it does not ask at all.

use std::fmt;

use crate::metadata::Metadata;

/// Why the audit scanner does not ask a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// `backgroundAudit` is false.
    SwitchedOff,
    /// No rule lists the operation `CREATE`; `*` does not count.
    NoCreateRule,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SwitchedOff => "the audit scanner skips this policy: its backgroundAudit is false",
            Self::NoCreateRule => {
                "the audit scanner skips this policy: none of its rules lists the operation CREATE (`*` does not count)"
            }
        })
    }
}

impl Skipped {
    /// Whether the audit scanner skips a policy with these settings; `operations` are those of each of its rules.
    pub fn check<'r>(background_audit: bool, operations: impl IntoIterator<Item = &'r [String]>) -> Option<Self> {
        if !background_audit {
            return Some(Self::SwitchedOff);
        }
        let create = operations.into_iter().flatten().any(|operation| operation == "CREATE");
        (!create).then_some(Self::NoCreateRule)
    }

    /// Whether the audit scanner skips a policy that is deployed as its metadata says.
    pub fn by_metadata(metadata: &Metadata) -> Option<Self> {
        Self::check(metadata.background_audit, metadata.rules.iter().map(|rule| rule.operations.as_slice()))
    }
}
