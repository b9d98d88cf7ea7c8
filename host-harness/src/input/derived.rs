//! Documents that are made of others, and know where in the text their values stand.

use std::sync::Arc;

use serde_json::Value;

use super::{
    Cursor, Document,
    origin::{Origin, OwnedStep},
};

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
