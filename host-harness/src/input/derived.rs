//! Documents that are made of others, and know where in the text their values stand.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;

use super::{Cursor, Document, places::Step};

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

impl Origin {
    /// The path in the text.
    pub(super) fn resolve<'s>(&'s self, path: &[Step<'s>]) -> Vec<Step<'s>> {
        match self {
            Self::Whole => path.to_vec(),
            Self::Part(at, of) => {
                let at = at.iter().map(|step| match step {
                    OwnedStep::Key(key) => Step::Key(key),
                    OwnedStep::Index(index) => Step::Index(*index),
                });
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

impl Document {
    /// An entry of the list under the key `list`, with what the document has besides that list under the keys that the entry has not.
    /// `None` where there is no such entry, or it is not an object.
    pub(crate) fn entry(&self, list: &'static str, index: usize) -> Option<Self> {
        let merged = |whole: &Value| -> Option<Value> {
            let mut all = whole.as_object()?.clone();
            let list = all.remove(list)?;
            all.extend(list.get(index)?.as_object()?.clone());
            Some(Value::Object(all))
        };
        let own = self.value().get(list)?.get(index)?.as_object()?;
        let keys = self.value().as_object()?.keys().filter(|key| !own.contains_key(*key)).cloned().collect();
        Some(self.derived(merged(self.value())?, merged(&self.exact()), Origin::Entry(list, index, keys)))
    }
}

impl Cursor<'_> {
    /// A document of its own, whose content is `value`: what stands here, with changes.
    pub(crate) fn changed(&self, value: Value) -> Document {
        let at = self.path().iter().map(|step| OwnedStep::from(*step)).collect();
        let origin = Origin::Part(at, Arc::new(self.document().origin().clone()));
        self.document().derived(value, None, origin)
    }
}
