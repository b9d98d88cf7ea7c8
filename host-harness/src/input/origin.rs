//! Which part of a text a document is.

use std::{collections::BTreeSet, sync::Arc};

use super::places::Step;

/// Which part of its text a document is.
#[derive(Clone, Debug, Default)]
pub(super) enum Origin {
    #[default]
    Whole,
    /// What stands at this path, which may have been changed since.
    Part(Vec<OwnedStep>, Arc<Origin>),
    /// An entry of the list under this key; these keys are not its own but those of the document itself.
    Entry(&'static str, usize, BTreeSet<String>),
}

/// One step down into a document.
#[derive(Clone, Debug)]
pub(super) enum OwnedStep {
    Key(String),
    Index(usize),
}

impl From<Step<'_>> for OwnedStep {
    fn from(step: Step<'_>) -> Self {
        match step {
            Step::Key(key) => Self::Key(key.to_owned()),
            Step::Index(index) => Self::Index(index),
        }
    }
}

impl OwnedStep {
    pub(super) fn step(&self) -> Step<'_> {
        match self {
            Self::Key(key) => Step::Key(key),
            Self::Index(index) => Step::Index(*index),
        }
    }
}

impl Origin {
    /// The path in the text.
    pub(super) fn resolve<'s>(&'s self, path: &[Step<'s>]) -> Vec<Step<'s>> {
        match self {
            Self::Whole => path.to_vec(),
            Self::Part(at, of) => {
                let at = at.iter().map(OwnedStep::step);
                of.resolve(&at.chain(path.iter().copied()).collect::<Vec<_>>())
            }
            Self::Entry(list, index, keys) => {
                let entry = [Step::Key(list), Step::Index(*index)];
                let own = match path.first() {
                    Some(Step::Key(key)) => !keys.contains(*key),
                    _ => true,
                };
                let before: &[Step<'_>] = if own { &entry } else { &[] };
                before.iter().chain(path).copied().collect()
            }
        }
    }
}
