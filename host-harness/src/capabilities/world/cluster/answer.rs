//! Reading from the cluster.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::fields::FieldSelector;
use super::kinds::{Kind, Origin};
use super::labels::LabelSelector;
use super::masks::Mask;
use super::{Cluster, Name, Object, Resource, objects, selectable, split};
use crate::capabilities::world::short;
use crate::capabilities::{CallError, callback_failure};

/// Bytes of a selector. API servers have a limit too, and every term costs time for every object.
const MAX_SELECTOR: usize = 64 * 1024;

/// Terms of selectors that are compared with objects for one list. What is more takes longer than a policy may.
const MAX_COMPARED: usize = 10_000_000;

/// Kinds that can be created only.
const QUESTIONS: [&str; 7] = [
    "Binding",
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
    "TokenReview",
];

/// A request for objects of a kind: which of them, and which of their fields.
pub(in crate::capabilities::world) struct List<'a> {
    pub(in crate::capabilities::world) api_version: &'a str,
    pub(in crate::capabilities::world) kind: &'a str,
    /// `None`: in all namespaces.
    pub(in crate::capabilities::world) namespace: Option<&'a str>,
    pub(in crate::capabilities::world) label_selector: Option<&'a str>,
    pub(in crate::capabilities::world) field_selector: Option<&'a str>,
    pub(in crate::capabilities::world) field_masks: Option<&'a BTreeSet<String>>,
}

/// A request for one object: which one, and which of its fields.
pub(in crate::capabilities::world) struct Get<'a> {
    pub(in crate::capabilities::world) api_version: &'a str,
    pub(in crate::capabilities::world) kind: &'a str,
    pub(in crate::capabilities::world) namespace: Option<&'a str>,
    pub(in crate::capabilities::world) name: &'a str,
    pub(in crate::capabilities::world) field_masks: Option<&'a BTreeSet<String>>,
}

impl Cluster {
    /// A list in the form that upstream's host gives it; `world` is the world's name, for errors.
    pub(in crate::capabilities::world) fn list(&self, list: &List<'_>, world: &str) -> Result<Value, CallError> {
        let List { api_version, kind, namespace, .. } = *list;
        let served = self.kind(api_version, kind, world)?;
        if namespace.is_some() && !served.namespaced {
            return failed(&format!(
                "resource {api_version}/{kind} is cluster wide. Cannot search for it inside of a namespace"
            ));
        }
        readable(kind)?;
        let (group, _) = split(api_version);
        let (labels, fields) = selectors(list, served).or_else(|error| bad_request(&error))?;
        let terms = labels.terms() + fields.terms().len();
        let objects = self.of_kind(group, kind).count();
        if terms.saturating_mul(objects) > MAX_COMPARED {
            return Err(CallError::Unanswerable(format!(
                "the selectors have {terms} terms, and {world} has {objects} objects of this kind: they are not compared where that makes \
                 more than {MAX_COMPARED} comparisons"
            )));
        }
        let selected = self.of_kind(group, kind).filter(|(name, object)| {
            namespace.is_none_or(|namespace| name.namespace == namespace)
                && labels.matches(objects::at(&object.value, "metadata.labels").and_then(Value::as_object))
                && fields.matches(|path| selectable::text(&object.value, path, group, kind))
        });
        let mask = Mask::new(list.field_masks)?;
        let mut items = Vec::new();
        for (name, object) in selected {
            same_version(api_version, kind, name, object, world)?;
            let mut item = object.value.clone();
            strip(&mut item);
            if let Some(mask) = &mask {
                mask.apply(&mut item);
            }
            items.push(item);
        }
        Ok(json!({"apiVersion": api_version, "kind": format!("{kind}List"), "metadata": {}, "items": items}))
    }

    /// One object, whole unless a mask says otherwise.
    pub(in crate::capabilities::world) fn get(&self, get: &Get<'_>, world: &str) -> Result<Value, CallError> {
        let Get { api_version, kind, namespace, name, field_masks } = *get;
        let served = self.kind(api_version, kind, world)?;
        let lives_in = match (served.namespaced, namespace) {
            (true, Some(namespace)) => namespace,
            (true, None) => {
                return failed(&format!("Resource {api_version}/{kind} is namespaced, but no namespace was provided"));
            }
            (false, _) => "",
        };
        readable(kind)?;
        let (group, _) = split(api_version);
        let full_name = Name { namespace: lives_in.to_owned(), name: name.to_owned() };
        let Some((_, object)) = self.of_kind(group, kind).find(|(name, _)| **name == full_name) else {
            return failed(&format!(
                "Cannot find {api_version}/{kind} named '{name}' inside of namespace '{namespace:?}'"
            ));
        };
        same_version(api_version, kind, &full_name, object, world)?;
        let mut value = object.value.clone();
        if let Some(mask) = Mask::new(field_masks)? {
            mask.apply(&mut value);
        }
        Ok(value)
    }

    fn of_kind(&self, group: &str, kind: &str) -> impl Iterator<Item = (&Name, &Object)> {
        let resource = Resource { group: group.to_owned(), kind: kind.to_owned() };
        self.objects.get(&resource).into_iter().flatten()
    }

    fn kind(&self, api_version: &str, kind: &str, world: &str) -> Result<&Kind, CallError> {
        match self.kinds.get(api_version, kind) {
            Some(served) if served.origin != Origin::Absent => Ok(served),
            Some(_) => failed(&format!("Cannot find resource {api_version}/{kind}")),
            None => {
                let [api_version, kind] = [api_version, kind].map(short);
                Err(CallError::Unanswerable(format!(
                    "{world} does not say whether its cluster has {api_version}/{kind}; the nearest kind that it has is {}. \
                 Add {} to it, or, if the cluster is not to have it, {{apiVersion: {api_version}, kind: {kind}, absent: true}}",
                    self.kinds.nearest(api_version, kind).unwrap_or_default(),
                    objects::declaration(api_version, kind),
                )))
            }
        }
    }
}

fn selectors(list: &List<'_>, served: &Kind) -> Result<(LabelSelector, FieldSelector), String> {
    for selector in [list.label_selector, list.field_selector].into_iter().flatten() {
        if selector.len() > MAX_SELECTOR {
            return Err(format!("a selector of {} bytes is too long: the limit is {MAX_SELECTOR}", selector.len()));
        }
    }
    let labels = LabelSelector::parse(list.label_selector.unwrap_or_default())?;
    let fields = FieldSelector::parse(list.field_selector.unwrap_or_default())?;
    let (group, version) = split(list.api_version);
    for term in fields.terms() {
        selectable::check(&term.path, group, list.kind, served).map_err(|why| {
            format!(
                "Unable to find \"{group}/{version}, Resource={}\" that match label selector {:?}, field selector {:?}: {why}",
                served.plural,
                list.label_selector.unwrap_or_default(),
                list.field_selector.unwrap_or_default(),
            )
        })?;
    }
    Ok((labels, fields))
}

/// What upstream takes out of every item of a list, and what the API server leaves out.
fn strip(item: &mut Value) {
    let Some(fields) = item.as_object_mut() else { return };
    fields.remove("apiVersion");
    fields.remove("kind");
    let metadata = &mut item["metadata"];
    metadata["managedFields"] = json!([]);
    if !metadata["annotations"].is_object() {
        metadata["annotations"] = json!({});
    }
    if let Some(annotations) = metadata["annotations"].as_object_mut() {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
}

fn same_version(api_version: &str, kind: &str, name: &Name, object: &Object, world: &str) -> Result<(), CallError> {
    if object.api_version == api_version {
        return Ok(());
    }
    Err(CallError::Unanswerable(format!(
        "{world} has the {} as {}, and the policy asks for {api_version}. An API server would convert it; a world does \
         not: write it down as {api_version}",
        name.described(kind),
        object.api_version,
    )))
}

fn readable(kind: &str) -> Result<(), CallError> {
    match QUESTIONS.contains(&kind) {
        true => failed("ApiError: the server does not allow this method on the requested resource: MethodNotAllowed"),
        false => Ok(()),
    }
}

fn bad_request<T>(text: &str) -> Result<T, CallError> {
    failed(&format!("ApiError: {text}: BadRequest"))
}

fn failed<T>(text: &str) -> Result<T, CallError> {
    Err(callback_failure(text).into())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use crate::{CallError, Capabilities as _, capabilities::World};

    #[test]
    fn selectors_of_many_terms_are_not_compared_with_many_objects() {
        let object = |number: usize| json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": format!("a{number}"), "namespace": "b" } });
        let world = json!({ "cluster": { "objects": (0..3_500).map(object).collect::<Vec<_>>() } });
        let world = World::parse(world.to_string().as_bytes(), "world.json", Path::new(".")).expect("a world");
        let list = |key: &str, term: &str, times: usize| {
            let selector = vec![term; times].join(",");
            let payload = json!({ "api_version": "v1", "kind": "ConfigMap", key: selector });
            world.call("kubernetes", "list_resources_all", payload.to_string().as_bytes())
        };
        for (key, term) in [("label_selector", "a!=1"), ("field_selector", "metadata.name!=1")] {
            assert!(list(key, term, 100).is_ok(), "{key}");
            let Err(CallError::Unanswerable(why)) = list(key, term, 3_000) else { panic!("{key} is answered") };
            assert!(why.contains("have 3000 terms, and world.json has 3500 objects"), "{why}");
        }
    }
}
