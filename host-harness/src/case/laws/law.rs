//! The laws by name.

use std::fmt;

/// A law of mutations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// The policy accepts the object that it made.
    AcceptsItsOwn,
    /// A policy that mutates says so in its metadata.
    DeclaresMutating,
    /// Fields that the policy does not know survive.
    KeepsUnknownFields,
    /// What the API server writes into metadata, and what names the object, stays.
    LeavesServerFields,
    /// Nothing mutates on DELETE.
    NoMutationOnDelete,
    /// A rejection carries no mutation.
    NoPatchWithRejection,
    /// The patch applies to what came in, and gives the policy's object.
    PatchGivesObject,
    /// The object that the policy made is not changed again.
    TwiceIsOnce,
}

impl Law {
    /// Every law.
    pub const ALL: [Self; 8] = [
        Self::AcceptsItsOwn,
        Self::DeclaresMutating,
        Self::KeepsUnknownFields,
        Self::LeavesServerFields,
        Self::NoMutationOnDelete,
        Self::NoPatchWithRejection,
        Self::PatchGivesObject,
        Self::TwiceIsOnce,
    ];

    pub(in crate::case) fn word(self) -> &'static str {
        match self {
            Self::AcceptsItsOwn => "accepts-its-own",
            Self::DeclaresMutating => "declares-mutating",
            Self::KeepsUnknownFields => "keeps-unknown-fields",
            Self::LeavesServerFields => "leaves-server-fields",
            Self::NoMutationOnDelete => "no-mutation-on-delete",
            Self::NoPatchWithRejection => "no-patch-with-rejection",
            Self::PatchGivesObject => "patch-gives-object",
            Self::TwiceIsOnce => "twice-is-once",
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
