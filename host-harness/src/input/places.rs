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
    /// The key as it is written, where that is not what it means.
    key: Option<String>,
    below: Below,
}

#[derive(Debug)]
pub(super) enum Below {
    Mapping(BTreeMap<String, Places>),
    Sequence(Vec<Places>),
    /// The text of a scalar as it is written, without quotes.
    Scalar(String),
    Nothing,
}

impl Places {
    pub(super) fn new(at: Option<Position>, below: Below) -> Self {
        Self { at, key: None, below }
    }

    /// Where the value at `path` stands; for a path that leads nowhere, where its last existing part stands.
    pub(super) fn find(&self, path: &[Step<'_>]) -> Option<Position> {
        let (mut at, mut here) = (self.at, self);
        for step in path {
            let Some(next) = here.next(step) else { break };
            (at, here) = (next.at.or(at), next);
        }
        at
    }

    /// With a key that is written so, and means another text.
    pub(super) fn under(mut self, key: String) -> Self {
        self.key = Some(key);
        self
    }

    /// The key of the value at `path` as it is written, where that is not what it means.
    pub(super) fn key(&self, path: &[Step<'_>]) -> Option<&str> {
        path.iter().try_fold(self, |here, step| here.next(step))?.key.as_deref()
    }

    /// The text of the scalar at `path`, as it is written.
    pub(super) fn text(&self, path: &[Step<'_>]) -> Option<&str> {
        match &path.iter().try_fold(self, |here, step| here.next(step))?.below {
            Below::Scalar(text) => Some(text),
            _ => None,
        }
    }

    fn next(&self, step: &Step<'_>) -> Option<&Self> {
        match (&self.below, step) {
            (Below::Mapping(entries), Step::Key(key)) => entries.get(*key),
            (Below::Sequence(items), Step::Index(index)) => items.get(*index),
            // As in JSON pointers.
            (Below::Sequence(items), Step::Key(key)) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }
}

/// A path as people read it.
pub(super) fn render(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) if !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-".contains(c)) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Step::Key(key) => text.push_str(&format!("[{key:?}]")),
        }
    }
    text
}
