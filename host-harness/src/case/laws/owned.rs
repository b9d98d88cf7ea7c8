//! What belongs to the API server: what it writes itself, and what says which object it is.

use serde_json::Value;

use super::{Told, listed, short};

/// Pointers to fields whose value a mutation leaves as it was. An API server overwrites or refuses what is changed there.
const OWNED: [&str; 12] = [
    "/apiVersion",
    "/kind",
    "/metadata/name",
    "/metadata/namespace",
    "/metadata/uid",
    "/metadata/resourceVersion",
    "/metadata/generation",
    "/metadata/creationTimestamp",
    "/metadata/deletionTimestamp",
    "/metadata/deletionGracePeriodSeconds",
    "/metadata/selfLink",
    "/metadata/managedFields",
];

/// What the policy changed of them. Absent and `null` are the same: types of Kubernetes write one for the other.
pub(super) fn changed(before: &Value, after: &Value) -> Option<Told> {
    // A raw document has no server.
    before.pointer("/apiVersion")?;
    let value = |object: &Value, pointer: &str| object.pointer(pointer).filter(|value| !value.is_null()).cloned();
    let text = |value: Option<Value>| value.map_or("nothing".to_owned(), |value| short(&value));
    let changes = OWNED.iter().filter_map(|pointer| {
        let (was, is) = (value(before, pointer), value(after, pointer));
        (was != is).then(|| format!("{pointer} from {} to {}", text(was), text(is)))
    });
    let changes: Vec<String> = changes.collect();
    (!changes.is_empty()).then(|| Told {
        expected: "what the API server owns, and what names the object, stays as it is",
        actual: format!("changed: {}", listed(&changes)),
    })
}
