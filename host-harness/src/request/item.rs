//! One object: a document, or an item of a list.

use serde_json::Value;

use super::GroupVersionKind;
use crate::input::{Cursor, InputError};

const WHY: &str = "a Kubernetes object has apiVersion and kind";

/// An object as it stands in a document.
#[derive(Clone, Debug)]
pub(crate) struct Item<'d> {
    pub(crate) cursor: Cursor<'d>,
    /// The `apiVersion` and kind that the list says for its items: a `PodList` that an API server sends names neither in them.
    of: Option<(String, String)>,
}

impl<'d> Item<'d> {
    pub(crate) fn new(cursor: Cursor<'d>) -> Self {
        Self { cursor, of: None }
    }

    /// The object in a document, or all that are in a list, which `kubectl get` prints; `items: null` is a list of none.
    pub(crate) fn all(root: &Cursor<'d>) -> Result<Vec<Self>, InputError> {
        Self::all_of(root, None)
    }

    /// As [`all`](Self::all), in a document that is itself an item of a list, which says apiVersion and kind of it.
    pub(crate) fn all_of(root: &Cursor<'d>, of: Option<(String, String)>) -> Result<Vec<Self>, InputError> {
        let mut found = Vec::new();
        Self { cursor: root.clone(), of }.collect(&mut found)?;
        Ok(found)
    }

    fn collect(self, found: &mut Vec<Self>) -> Result<(), InputError> {
        let Some((of, items)) = list(&self.cursor) else {
            found.push(self);
            return Ok(());
        };
        if items.value().is_null() {
            return Ok(());
        }
        for cursor in items.list()? {
            Self { cursor, of: of.clone() }.collect(found)?;
        }
        Ok(())
    }

    /// Whether it stands in a list of one kind, so that it need not say its own.
    pub(crate) fn of_list(&self) -> bool {
        self.of.is_some() && self.cursor.value().is_object()
    }

    /// Group, version and kind.
    pub(crate) fn kind(&self) -> Result<GroupVersionKind, InputError> {
        let said = |key, default: Option<&String>| match (self.cursor.optional(key)?, default) {
            (None, Some(default)) => Ok(default.clone()),
            _ => self.cursor.required(key, WHY)?.string().map(str::to_owned),
        };
        let api_version = said("apiVersion", self.of.as_ref().map(|(api_version, _)| api_version))?;
        let kind = said("kind", self.of.as_ref().map(|(_, kind)| kind))?;
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        if version.is_empty() || version.contains('/') {
            return Err(self.cursor.error_at("apiVersion", "must look like `v1` or `apps/v1`"));
        }
        if kind.is_empty() {
            return Err(self.cursor.error_at("kind", "must not be empty"));
        }
        if let Some((_, items)) = list(&self.cursor) {
            return Err(items.error(format!("a {kind} holds several objects; an admission request has one")));
        }
        Ok(GroupVersionKind { group: group.to_owned(), version: version.to_owned(), kind })
    }

    /// The object, with the `apiVersion` and kind that its list says.
    pub(super) fn value(&self) -> Value {
        let mut value = self.cursor.value().clone();
        if let (Some((api_version, kind)), Some(object)) = (&self.of, value.as_object_mut()) {
            for (key, said) in [("apiVersion", api_version), ("kind", kind)] {
                let given = object.entry(key).or_insert(Value::Null);
                if given.is_null() {
                    *given = said.as_str().into();
                }
            }
        }
        value
    }
}

/// Of what a list is (nothing for a plain `List`), and its items.
type List<'d> = (Option<(String, String)>, Cursor<'d>);

fn list<'d>(cursor: &Cursor<'d>) -> Option<List<'d>> {
    let object = cursor.object().ok()?;
    let text = |key| object.get(key).and_then(Value::as_str);
    let (api_version, of) = (text("apiVersion")?, text("kind")?.strip_suffix("List")?);
    let items = cursor.given("items").ok()??;
    let said = (!of.is_empty()).then(|| (api_version.to_owned(), of.to_owned()));
    (items.value().is_array() || items.value().is_null()).then_some((said, items))
}
