//! Fields that no policy knows, put into every object of a document: those of a later version of Kubernetes look the same to a policy.

use std::collections::HashSet;

use json_patch::{Patch, PatchOperation};
use serde_json::{Map, Value};

/// The name of the field, which no version of Kubernetes has.
const NAME: &str = "admitCanary";

/// Objects that are maps of texts or quantities in one of Kubernetes' types: a further key in them is no unknown field.
const MAPS: [&str; 24] = [
    "allocatable",
    "annotations",
    "binaryData",
    "capacity",
    "data",
    "default",
    "defaultRequest",
    "hard",
    "labels",
    "limits",
    "managedFields",
    "matchLabels",
    "max",
    "maxLimitRequestRatio",
    "min",
    "nodeSelector",
    "options",
    "overhead",
    "parameters",
    "requests",
    "stringData",
    "used",
    "volumeAttributes",
    "volumeLabels",
];

/// Bytes of the pointers to all objects that get a canary: a long key is in each of those below it. The objects after these get none.
const MAX_POINTERS: usize = 16 << 20;

/// Where the canaries are.
pub(super) struct Canaries(Vec<Canary>);

struct Canary {
    /// Pointer to the object that has it.
    pointer: String,
    value: String,
}

impl Canaries {
    /// The document with canaries, and with what an API server would have written into its metadata.
    pub(super) fn put_into(document: &Value) -> (Self, Value) {
        let mut document = document.clone();
        let mut canaries = Self(Vec::new());
        canaries.visit(&mut document, String::new(), &mut { MAX_POINTERS });
        if let Some(Value::Object(metadata)) = document.pointer_mut("/metadata") {
            own(metadata);
        }
        (canaries, document)
    }

    fn visit(&mut self, value: &mut Value, pointer: String, left: &mut usize) {
        match left.checked_sub(pointer.len()) {
            Some(less) => *left = less,
            None => return,
        }
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    if !is_map(key, value) && is_collection(value) {
                        self.visit(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), left);
                    }
                }
                let value = format!("canary-{}", self.0.len() + 1);
                fields.insert(NAME.to_owned(), value.clone().into());
                self.0.push(Canary { pointer, value });
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| is_collection(item)) {
                    self.visit(item, format!("{pointer}/{index}"), left);
                }
            }
            _ => {}
        }
    }

    /// Pointers to the canaries that are not anywhere in `after`, but for those that went with an object that the policy `removed`.
    pub(super) fn lost(&self, after: &Value, removed: &HashSet<String>) -> Vec<String> {
        let mut found = HashSet::new();
        collect(after, &mut found);
        let lost = self.0.iter().filter(|canary| !found.contains(canary.value.as_str()));
        let meant = |canary: &&Canary| !is_within(&canary.pointer, removed);
        lost.filter(meant).map(|canary| format!("{}/{NAME}", canary.pointer)).collect()
    }
}

/// What a policy takes away on purpose, as its patch for the document without canaries shows: what is removed or replaced by a value of
/// another kind, and all of an array from which items are removed, since it is not known which of them stayed.
pub(super) fn taken(patch: &Patch) -> HashSet<String> {
    let taken = patch.0.iter().filter_map(|operation| match operation {
        PatchOperation::Remove(remove) => {
            let path = remove.path.to_string();
            let (array, last) = path.rsplit_once('/')?;
            let of_array = last.bytes().all(|byte| byte.is_ascii_digit());
            Some(if of_array { array.to_owned() } else { path })
        }
        PatchOperation::Replace(replace) => Some(replace.path.to_string()),
        _ => None,
    });
    taken.collect()
}

/// Whether the pointer leads to one of these places, or below one.
fn is_within(pointer: &str, places: &HashSet<String>) -> bool {
    let above = pointer.match_indices('/').filter_map(|(end, _)| pointer.get(..end));
    !places.is_empty() && above.chain([pointer]).any(|place| places.contains(place))
}

fn is_collection(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Whether it is a map: by its name, or a `selector` of labels.
fn is_map(key: &str, value: &Value) -> bool {
    let labels = |fields: &Map<String, Value>| !fields.is_empty() && fields.values().all(Value::is_string);
    MAPS.contains(&key) || (key == "selector" && value.as_object().is_some_and(labels))
}

/// What a server has written, where it is not there.
fn own(metadata: &mut Map<String, Value>) {
    let managed = serde_json::json!([{ "manager": "kubectl", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
        "time": "2022-01-01T00:00:00Z", "fieldsV1": { "f:metadata": {} } }]);
    let fields: [(&str, Value); 5] = [
        ("uid", "5d1a39a8-3f0f-4e53-8b6e-5fd3f2ee2f5b".into()),
        ("resourceVersion", "4711".into()),
        ("generation", 3.into()),
        ("creationTimestamp", "2022-01-01T00:00:00Z".into()),
        ("managedFields", managed),
    ];
    for (name, value) in fields {
        let field = metadata.entry(name).or_insert(Value::Null);
        if field.is_null() {
            *field = value;
        }
    }
}

fn collect<'v>(value: &'v Value, found: &mut HashSet<&'v str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(NAME).and_then(Value::as_str));
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lost(before: &Value, after: &Value, removed: &[&str]) -> Vec<String> {
        let (canaries, document) = Canaries::put_into(before);
        assert!(document.get(NAME).is_some());
        canaries.lost(after, &removed.iter().map(|pointer| (*pointer).to_owned()).collect())
    }

    #[test]
    fn what_is_removed_may_go_with_all_that_is_in_it() {
        let before = json!({ "a": { "b": { "c": {} } }, "ab": {} });
        let all = ["/a/b/c/admitCanary", "/a/b/admitCanary", "/a/admitCanary", "/ab/admitCanary", "/admitCanary"];
        assert_eq!(lost(&before, &json!({}), &[]), all);
        assert_eq!(lost(&before, &json!({}), &["/a"]), ["/ab/admitCanary", "/admitCanary"]);
        assert_eq!(
            lost(&before, &json!({}), &["/a/b/c", "/ab"]),
            all[1..3].iter().chain(&all[4..]).copied().collect::<Vec<_>>()
        );
        assert!(lost(&before, &json!({}), &[""]).is_empty());
    }

    /// Looking each of them up among all that were removed would take an hour.
    #[test]
    fn many_objects_can_be_removed_at_once() {
        let maps = |prefix: char| (0..300_000).map(|number| (format!("{prefix}{number}"), json!({}))).collect();
        let before = json!({ "spec": Value::Object(maps('k')) });
        let removed: HashSet<String> = (0..300_000).map(|number| format!("/other/k{number}")).collect();
        let (canaries, _) = Canaries::put_into(&before);
        assert_eq!(canaries.lost(&json!({}), &removed).len(), 300_002);
    }

    #[test]
    fn pointers_have_a_bound() {
        let inner: Map<String, Value> = (0..1_000).map(|number| (number.to_string(), json!({}))).collect();
        let before = json!({ "x".repeat(1 << 20): inner });
        let (canaries, _) = Canaries::put_into(&before);
        assert!(canaries.0.len() < 20, "{} canaries", canaries.0.len());
    }
}
