//! Where the fields of a document stand.

use std::collections::BTreeMap;

use super::Position;

/// One step down into a document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

/// Positions of all values in a document. They are computed once, because a document can have as many errors as fields.
#[derive(Debug)]
pub(super) struct Places {
    /// For the value of a mapping: where its key stands.
    at: Option<Position>,
    below: Below,
}

#[derive(Debug)]
pub(super) enum Below {
    Map(BTreeMap<String, Places>),
    Seq(Vec<Places>),
    Nothing,
}

impl Places {
    pub(super) fn new(at: Option<Position>, below: Below) -> Self {
        Self { at, below }
    }

    /// Where the value at `path` stands; for a path that leads nowhere, where its last existing part stands.
    pub(super) fn find(&self, path: &[Step<'_>]) -> Option<Position> {
        let (mut at, mut here) = (self.at, self);
        for step in path {
            let next = match (&here.below, step) {
                (Below::Map(entries), Step::Key(key)) => entries.get(*key),
                (Below::Seq(items), Step::Index(index)) => items.get(*index),
                _ => None,
            };
            let Some(next) = next else { break };
            (at, here) = (next.at.or(at), next);
        }
        at
    }
}
