//! The cluster of a world.

mod access;
pub(super) mod answer;
mod fields;
mod kinds;
mod labels;
mod masks;
mod objects;
mod read;
mod selectable;

use std::collections::BTreeMap;

use serde_json::Value;

pub(super) use read::Reader;

use access::Rule;
use kinds::Kinds;

/// What a cluster contains.
pub(super) struct Cluster {
    kinds: Kinds,
    objects: Objects,
    /// `None` when the world says nothing about rights.
    access: Option<Vec<Rule>>,
}

/// Objects by kind. An object is the same one in every version of its kind.
type Objects = BTreeMap<Resource, BTreeMap<Name, Object>>;

/// Group and kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Resource {
    group: String,
    kind: String,
}

/// Namespace (empty for cluster-wide objects) and name: the order of lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    namespace: String,
    name: String,
}

impl Name {
    /// The object of this name, for people.
    fn described(&self, kind: &str) -> String {
        match self.namespace.as_str() {
            "" => format!("{kind} `{}`", self.name),
            namespace => format!("{kind} `{namespace}/{}`", self.name),
        }
    }
}

struct Object {
    api_version: String,
    /// As the API server has it: with `apiVersion`, `kind` and, if it lives in one, its namespace.
    value: Value,
}

impl Cluster {
    /// An object by its name; `namespace` is empty for what lives in none.
    pub(super) fn object(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        let (group, _) = split(api_version);
        let resource = Resource { group: group.to_owned(), kind: kind.to_owned() };
        let name = Name { namespace: namespace.to_owned(), name: name.to_owned() };
        self.objects.get(&resource)?.get(&name).map(|object| &object.value)
    }
}

/// Group and version of an `apiVersion`.
fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}
