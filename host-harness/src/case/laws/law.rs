//! The laws by name, and what lifts them.

use std::{collections::BTreeMap, fmt};

use crate::input::{Cursor, InputError, nearest};

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

    fn word(self) -> &'static str {
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

/// The laws that do not hold on purpose, each with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waivers(BTreeMap<Law, String>);

impl Waivers {
    /// Why a law need not hold.
    pub fn reason(&self, law: Law) -> Option<&str> {
        self.0.get(&law).map(String::as_str)
    }

    pub(super) fn contains(&self, law: Law) -> bool {
        self.0.contains_key(&law)
    }

    /// These, and others: those of a suite hold for each of its cases.
    pub(in crate::case) fn extend(&mut self, others: &Self) {
        for (law, reason) in &others.0 {
            self.0.entry(*law).or_insert_with(|| reason.clone());
        }
    }

    /// Reads `waive`: the laws, each with a reason.
    ///
    /// # Errors
    ///
    /// A law that there is not, and a reason that says nothing.
    pub(in crate::case) fn read(waive: &Cursor<'_>) -> Result<Self, InputError> {
        let known = Law::ALL.map(Law::word);
        let mut waivers = BTreeMap::new();
        for (word, reason) in waive.entries()? {
            let Some(law) = Law::ALL.into_iter().find(|law| law.word() == word) else {
                let hint = match nearest(word, &known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("laws: {}", known.join(", ")),
                };
                return Err(reason.error(format!("no law of mutations has this name; {hint}")));
            };
            let text = reason.string()?.trim();
            if text.is_empty() {
                return Err(reason.error("say why the policy need not keep this law"));
            }
            waivers.insert(law, text.to_owned());
        }
        Ok(Self(waivers))
    }
}
