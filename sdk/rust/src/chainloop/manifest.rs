//! Kubernetes objects in a material.

use std::borrow::Cow;

use crate::json::{Kind, Value};
use crate::wire::plural;

/// Which objects a policy is asked about: a rule of its metadata, as the macro reads it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// API groups; `*` is any.
    pub groups: &'static [&'static str],
    /// API versions; `*` is any.
    pub versions: &'static [&'static str],
    /// Resources, by their plural names; `*` is any. A name with a subresource (`pods/exec`) matches no object.
    pub resources: &'static [&'static str],
}

/// One Kubernetes object.
pub(super) struct Manifest<'a> {
    pub(super) object: Value<'a>,
    pub(super) group: Cow<'a, str>,
    pub(super) version: Cow<'a, str>,
    pub(super) kind: Cow<'a, str>,
}

/// The Kubernetes objects of a document, and how many other values are beside them.
#[derive(Default)]
pub(super) struct Manifests<'a> {
    pub(super) objects: Vec<Manifest<'a>>,
    pub(super) others: usize,
}

impl<'a> Manifests<'a> {
    /// Finds the objects in a document: one object, a list of the API (`List`, `PodList`), or an array of these.
    pub(super) fn of(document: Value<'a>) -> Self {
        let mut manifests = Self::default();
        match document.kind() {
            Kind::Array => document.children().for_each(|item| manifests.add(item, None)),
            _ => manifests.add(document, None),
        }
        manifests
    }

    /// `list` has group, version and kind of the items of a typed list (`PodList`), where items may leave them out.
    fn add(&mut self, value: Value<'a>, list: Option<&Manifest<'a>>) {
        // An empty document in a YAML file of several documents.
        if value.is_null() {
            return;
        }
        let text = |key| value.get(key).and_then(Value::as_str);
        let manifest = match (text("apiVersion"), text("kind"), list) {
            (Some(api_version), Some(kind), _) if !kind.is_empty() => {
                let (group, version) = split(api_version);
                Manifest { object: value, group, version, kind }
            }
            (None, None, Some(Manifest { group, version, kind, .. })) if value.kind() == Kind::Object => {
                Manifest { object: value, group: group.clone(), version: version.clone(), kind: kind.clone() }
            }
            _ => {
                self.others += 1;
                return;
            }
        };
        let items = value.get("items").filter(|items| items.kind() == Kind::Array);
        match (manifest.kind.strip_suffix("List"), items) {
            (Some(""), Some(items)) => items.children().for_each(|item| self.add(item, None)),
            (Some(kind), Some(items)) => {
                let kind = Cow::Owned(kind.to_owned());
                let list = Manifest { object: value, group: manifest.group, version: manifest.version, kind };
                items.children().for_each(|item| self.add(item, Some(&list)));
            }
            _ => self.objects.push(manifest),
        }
    }
}

fn split(api_version: Cow<'_, str>) -> (Cow<'_, str>, Cow<'_, str>) {
    match api_version.split_once('/') {
        Some((group, version)) => (Cow::Owned(group.to_owned()), Cow::Owned(version.to_owned())),
        None => (Cow::Borrowed(""), api_version),
    }
}

impl Manifest<'_> {
    /// The plural name under which the API serves the kind.
    pub(super) fn resource(&self) -> String {
        plural(&self.kind)
    }

    /// Whether a policy with these rules is asked about the object; without rules it is asked about every object.
    pub(super) fn is_meant_by(&self, rules: &[Rule]) -> bool {
        let resource = self.resource();
        let any = |names: &[&str], name: &str| names.iter().any(|known| *known == "*" || *known == name);
        // `*/*` is everything, subresources included.
        let whole = |names: &[&str]| any(names, &resource) || names.contains(&"*/*");
        let mut rules = rules.iter();
        rules.len() == 0
            || rules
                .any(|rule| any(rule.groups, &self.group) && any(rule.versions, &self.version) && whole(rule.resources))
    }

    /// Namespace and name, where they are strings.
    pub(super) fn place(&self) -> (Option<Cow<'_, str>>, Option<Cow<'_, str>>) {
        let text = |key| self.object.get("metadata").and_then(|metadata| metadata.get(key)).and_then(Value::as_str);
        (text("namespace"), text("name"))
    }
}
