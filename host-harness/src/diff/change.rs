//! What can change, and what that means for the version of a policy.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the answer to a request changed from one policy to the other. A change of the verdict is the only one that is told of a
/// request: what else differs follows from it.
///
/// The order is that of reports: what breaks users comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was accepted, and is rejected.
    AcceptToReject,
    /// It was accepted, and the policy gives no answer: an error, a trap, a limit. The request is rejected for it.
    AcceptToError,
    /// It was rejected, and the policy gives no answer.
    RejectToError,
    /// It is accepted by both, and the object that is stored is another one.
    Mutation,
    /// It was rejected, and is accepted.
    RejectToAccept,
    /// There was no answer, and it is accepted.
    ErrorToAccept,
    /// There is a warning that was not there.
    Warnings,
    /// The policy asks its host what it did not ask.
    HostCalls,
    /// There was no answer, and it is rejected.
    ErrorToReject,
    /// It is rejected by both, with another message.
    Message,
    /// It is rejected by both, with another code.
    Code,
    /// There is no answer of either, and why is another text.
    Error,
    /// Warnings are gone, and there is none that was not there.
    FewerWarnings,
    /// The policy does not ask its host any more what it asked.
    FewerHostCalls,
    /// The entries for the audit log are others.
    AuditAnnotations,
}

impl Change {
    /// All of them, in their order.
    pub const ALL: [Self; 15] = [
        Self::AcceptToReject,
        Self::AcceptToError,
        Self::RejectToError,
        Self::Mutation,
        Self::RejectToAccept,
        Self::ErrorToAccept,
        Self::Warnings,
        Self::HostCalls,
        Self::ErrorToReject,
        Self::Message,
        Self::Code,
        Self::Error,
        Self::FewerWarnings,
        Self::FewerHostCalls,
        Self::AuditAnnotations,
    ];

    /// Its name in reports for programs and in files of what is allowed, for example `accept-to-reject`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AcceptToReject => "accept-to-reject",
            Self::AcceptToError => "accept-to-error",
            Self::RejectToError => "reject-to-error",
            Self::Mutation => "mutation",
            Self::RejectToAccept => "reject-to-accept",
            Self::ErrorToAccept => "error-to-accept",
            Self::Warnings => "warnings",
            Self::HostCalls => "host-calls",
            Self::ErrorToReject => "error-to-reject",
            Self::Message => "message",
            Self::Code => "code",
            Self::Error => "error",
            Self::FewerWarnings => "fewer-warnings",
            Self::FewerHostCalls => "fewer-host-calls",
            Self::AuditAnnotations => "audit-annotations",
        }
    }

    /// The change of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.name() == name)
    }

    /// What it asks of the version of the policy, by the rule that [`Release`] has.
    pub fn release(self) -> Release {
        match self {
            Self::AcceptToReject | Self::AcceptToError | Self::RejectToError | Self::Mutation => Release::Major,
            Self::RejectToAccept | Self::ErrorToAccept | Self::Warnings | Self::HostCalls => Release::Minor,
            Self::ErrorToReject
            | Self::Message
            | Self::Code
            | Self::Error
            | Self::FewerWarnings
            | Self::FewerHostCalls
            | Self::AuditAnnotations => Release::Patch,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The part of a version number (`MAJOR.MINOR.PATCH`) that changes ask for.
///
/// Major: a request is rejected that was accepted, a policy fails that did not, a mutation gives another object. Minor: a request is
/// accepted that was not, there are new warnings, or the host is asked what it was not asked, which may need another grant. Patch:
/// whatever else there is, and nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Release {
    /// The last number.
    #[default]
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
}

impl Release {
    /// `major`, `minor` or `patch`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_json_and_the_order_is_that_of_all() {
        for change in Change::ALL {
            assert_eq!(serde_json::to_value(change).expect("JSON"), change.name());
            assert_eq!(Change::named(change.name()), Some(change));
        }
        assert!(Change::ALL.is_sorted());
        assert!(Change::ALL.windows(2).all(|pair| pair[0].release() >= pair[1].release()), "the worst come first");
    }
}
