//! From manifests to objects as the API server has them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::kinds::{Kinds, Origin};
use super::labels;
use super::{Name, Object, Objects, Resource, split};
use crate::input::{Cursor, InputError, nearest};

/// An object that was read before all kinds are known.
pub(super) struct Pending<'d> {
    pub(super) cursor: Cursor<'d>,
    api_version: String,
    kind: String,
}

impl Pending<'_> {
    /// Whether it defines other kinds.
    pub(super) fn is_definition(&self) -> bool {
        self.api_version == "apiextensions.k8s.io/v1" && self.kind == "CustomResourceDefinition"
    }
}

/// Takes a manifest, or all that are in a list. `of` is the `apiVersion` and kind of items that do not say it.
pub(super) fn collect<'d>(
    manifest: &Cursor<'d>,
    of: Option<(&str, &str)>,
    objects: &mut Vec<Pending<'d>>,
) -> Result<(), InputError> {
    const WHY: &str = "every Kubernetes object has it";
    let text = |key: &'static str, default: Option<&str>| match (manifest.optional(key)?, default) {
        (None, Some(default)) => Ok(default.to_owned()),
        _ => manifest.required(key, WHY)?.string().map(str::to_owned),
    };
    let api_version = text("apiVersion", of.map(|(api_version, _)| api_version))?;
    let kind = text("kind", of.map(|(_, kind)| kind))?;
    let items = match kind.strip_suffix("List") {
        Some(of) => manifest.given("items")?.map(|items| (of, items)),
        None => None,
    };
    let Some((of, items)) = items else {
        objects.push(Pending { cursor: manifest.clone(), api_version, kind });
        return Ok(());
    };
    // The items of a plain `List` can be anything.
    let of = Some((api_version.as_str(), of)).filter(|(_, of)| !of.is_empty());
    items.list_or_nothing()?.iter().try_for_each(|item| collect(item, of, objects))
}

/// The fields of `ObjectMeta`.
const OBJECT_META: [&str; 15] = [
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Finds the resource, the namespace and the name of every object.
pub(super) fn place(pending: &[Pending<'_>], kinds: &Kinds) -> Result<Objects, InputError> {
    let mut objects = Objects::new();
    let mut places: BTreeMap<(Resource, Name), &Cursor<'_>> = BTreeMap::new();
    for Pending { cursor, api_version, kind } in pending {
        let Some(served) = kinds.get(api_version, kind).filter(|served| served.origin != Origin::Absent) else {
            return Err(unknown(cursor, api_version, kind, kinds));
        };
        let metadata = cursor.required("metadata", "it holds the name")?;
        let name = metadata.required("name", "objects are found by it")?;
        if name.string()?.is_empty() {
            return Err(name.error("must not be empty"));
        }
        for (key, value) in metadata.entries()? {
            // Unknown fields can be those of a newer Kubernetes, and are kept, unless they look like a misspelled one.
            if let Some(near) = nearest(key, &OBJECT_META).filter(|near| *near != key) {
                return Err(value.error(format!("unknown key; did you mean `{near}`?")));
            }
        }
        for texts in ["labels", "annotations"] {
            if let Some(texts) = metadata.optional(texts)? {
                texts.entries()?.iter().try_for_each(|(_, text)| text.string().map(drop))?;
            }
        }
        if let Some(labels) = metadata.optional("labels")? {
            for (key, label) in labels.entries()? {
                // No API server would have stored it, and no selector could name it.
                labels::check(key, label.string()?).map_err(|message| label.error(message))?;
            }
        }
        let mut value = cursor.value().clone();
        let namespace = match (metadata.optional("namespace")?, served.namespaced) {
            // As kubectl does.
            (None, true) => "default",
            (None, false) => "",
            (Some(namespace), true) => namespace.string()?,
            (Some(namespace), false) => {
                return Err(namespace.error(format!("{api_version}/{kind} is cluster-wide: take the namespace out")));
            }
        };
        value["apiVersion"] = api_version.as_str().into();
        value["kind"] = kind.as_str().into();
        if served.namespaced {
            value["metadata"]["namespace"] = namespace.into();
        }
        let (group, _) = split(api_version);
        let resource = Resource { group: group.to_owned(), kind: kind.clone() };
        let name = Name { namespace: namespace.to_owned(), name: name.string()?.to_owned() };
        if let Some(first) = places.insert((resource.clone(), name.clone()), cursor) {
            let what = name.described(kind);
            return Err(cursor.error(format!("{what} is given twice; it is already at {}", first.place())));
        }
        objects.entry(resource).or_default().insert(name, Object { api_version: api_version.clone(), value });
    }
    Ok(objects)
}

fn unknown(cursor: &Cursor<'_>, api_version: &str, kind: &str, kinds: &Kinds) -> InputError {
    if kinds.get(api_version, kind).is_some() {
        return cursor.error(format!("{api_version}/{kind} is declared as absent, so there can be no object of it"));
    }
    let nearest = kinds.nearest(api_version, kind).unwrap_or_default();
    cursor.error(format!(
        "nothing says what {api_version}/{kind} is (the nearest known kind is {nearest}); add its CustomResourceDefinition, \
         or to a file of the world: {}",
        declaration(api_version, kind)
    ))
}

/// What to write to make a kind known.
pub(super) fn declaration(api_version: &str, kind: &str) -> String {
    let plural = admit::wire::plural(kind);
    let entry = format!("{{apiVersion: {api_version}, kind: {kind}, plural: {plural}, namespaced: true}}");
    format!("cluster: {{kinds: [{entry}]}}")
}

/// A value deep in an object.
pub(super) fn at<'v>(object: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(object, |value, key| value.get(key))
}
