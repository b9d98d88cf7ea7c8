//! Parts of objects and of patches: what has to be in them, whatever else is.

use serde_json::Value;

use super::difference::Difference;
use crate::input::as_sent;

const NOTHING: &str = "(none)";

/// What of `expected` is not in `actual`. Of a map every field that is given has to be there, and `null` is one that is not there. The
/// items of a list that have a `name`, as containers and volumes have one, are found by it; other lists have the same number of items,
/// each with its part.
pub(super) fn object(field: &str, expected: &Value, actual: &Value, differences: &mut Vec<Difference>) {
    compare(field, &as_sent(expected), &as_sent(actual), differences);
}

fn compare(field: &str, expected: &Value, actual: &Value, differences: &mut Vec<Difference>) {
    match (expected, actual) {
        (Value::Object(parts), Value::Object(whole)) => {
            for (key, part) in parts {
                let field = format!("{field}/{}", key.replace('~', "~0").replace('/', "~1"));
                match whole.get(key) {
                    Some(actual) => compare(&field, part, actual, differences),
                    None if part.is_null() => {}
                    None => differences.push(Difference::new(field, part, NOTHING)),
                }
            }
        }
        (Value::Array(parts), Value::Array(items)) => match names(parts) {
            Some(names) => {
                for (index, (part, name)) in parts.iter().zip(names).enumerate() {
                    let field = format!("{field}/{index}");
                    match items.iter().find(|item| item["name"] == name) {
                        Some(item) => compare(&field, part, item, differences),
                        None => differences.push(Difference::new(field, part, format!("no item has the name {name}"))),
                    }
                }
            }
            None if parts.len() != items.len() => differences.push(Difference::new(field, expected, actual)),
            None => {
                for (index, (part, item)) in parts.iter().zip(items).enumerate() {
                    compare(&format!("{field}/{index}"), part, item, differences);
                }
            }
        },
        _ if expected == actual => {}
        _ => differences.push(Difference::new(field, expected, actual)),
    }
}

/// The names of items that all have one.
fn names(items: &[Value]) -> Option<Vec<&str>> {
    let names: Vec<&str> = items.iter().map(|item| item.get("name")?.as_str()).collect::<Option<_>>()?;
    (!names.is_empty()).then_some(names)
}

/// Which of these operations are not among those of the patch, with those for the same path, or else all there are.
pub(super) fn patch(field: &str, expected: &Value, patch: &Value, differences: &mut Vec<Difference>) {
    let operations = |value: &Value| as_sent(value).as_array().cloned().unwrap_or_default();
    let actual = operations(patch);
    for (index, operation) in operations(expected).iter().enumerate() {
        if actual.contains(operation) {
            continue;
        }
        let same_path: Vec<&Value> = actual.iter().filter(|other| other["path"] == operation["path"]).collect();
        let shown = if same_path.is_empty() { actual.iter().collect() } else { same_path };
        let shown = shown.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let shown = if shown.is_empty() { NOTHING.to_owned() } else { shown };
        differences.push(Difference::new(format!("{field}[{index}]"), operation, shown));
    }
}

/// The part of an object that these fields are: with other values, and without what is not there.
pub(super) fn seen_of_object(part: &Value, whole: &Value) -> Value {
    let (part, whole) = (as_sent(part), as_sent(whole));
    seen(&part, &whole)
}

fn seen(part: &Value, whole: &Value) -> Value {
    match (part, whole) {
        (Value::Object(parts), Value::Object(whole)) => {
            let fields = parts.iter().filter_map(|(key, part)| match whole.get(key) {
                Some(whole) => Some((key.clone(), seen(part, whole))),
                None => part.is_null().then(|| (key.clone(), Value::Null)),
            });
            fields.collect()
        }
        (Value::Array(parts), Value::Array(items)) => match names(parts) {
            Some(names) => {
                let found = parts.iter().zip(names).filter_map(|(part, name)| {
                    let item = items.iter().find(|item| item["name"] == name)?;
                    Some(seen(part, item))
                });
                found.collect()
            }
            None if parts.len() == items.len() => {
                parts.iter().zip(items).map(|(part, item)| seen(part, item)).collect()
            }
            None => whole.clone(),
        },
        _ => whole.clone(),
    }
}

/// Those of the operations that are in the patch; in place of another one that for the same path, if there is one.
pub(super) fn seen_of_patch(expected: &Value, patch: &Value) -> Vec<Value> {
    let (expected, patch) = (as_sent(expected), as_sent(patch));
    let (expected, patch) = (expected.as_array().cloned(), patch.as_array().cloned().unwrap_or_default());
    let found = expected.into_iter().flatten().filter_map(|operation| {
        let same = patch.iter().find(|seen| **seen == operation);
        same.or_else(|| patch.iter().find(|seen| seen["path"] == operation["path"])).cloned()
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn missing(part: Value, whole: Value) -> Vec<String> {
        let mut found = Vec::new();
        object("o", &part, &whole, &mut found);
        found.into_iter().map(|d| format!("{}: {} not {}", d.field, d.expected, d.actual)).collect()
    }

    #[test]
    fn every_field_that_is_given() {
        let pod = json!({ "metadata": { "labels": { "a/b": "c", "d": "e" } }, "replicas": 3 });
        for part in
            [json!({}), json!({ "metadata": { "labels": { "a/b": "c" } } }), json!({ "x": null, "replicas": 3.0 })]
        {
            assert_eq!(missing(part, pod.clone()), [""; 0]);
        }
        assert_eq!(
            missing(json!({ "metadata": { "labels": { "a/b": "x" } } }), pod.clone()),
            [r#"o/metadata/labels/a~1b: "x" not "c""#]
        );
        assert_eq!(
            missing(json!({ "metadata": { "name": "n" } }), pod.clone()),
            [r#"o/metadata/name: "n" not (none)"#]
        );
        assert_eq!(missing(json!({ "metadata": null }), json!({ "metadata": 1 })), ["o/metadata: null not 1"]);
        assert_eq!(missing(json!({ "replicas": {} }), pod), ["o/replicas: {} not 3"]);
    }

    #[test]
    fn items_with_names_and_others() {
        let pod =
            json!({ "containers": [{ "name": "a", "image": "1" }, { "name": "b", "image": "2" }], "args": ["x", "y"] });
        for part in [
            json!({ "containers": [{ "name": "b", "image": "2" }] }),
            json!({ "containers": [{ "name": "b" }, { "name": "a" }] }),
            json!({ "containers": [{ "image": "1" }, {}] }),
            json!({ "args": ["x", "y"] }),
        ] {
            assert_eq!(missing(part, pod.clone()), [""; 0]);
        }
        for (part, told) in [
            (json!({ "containers": [{ "name": "b", "image": "1" }] }), r#"o/containers/0/image: "1" not "2""#),
            (json!({ "containers": [{ "name": "c" }] }), r#"o/containers/0: {"name":"c"} not no item has the name c"#),
            (json!({ "containers": [{ "image": "2" }, {}] }), r#"o/containers/0/image: "2" not "1""#),
            (json!({ "args": ["x"] }), r#"o/args: ["x"] not ["x","y"]"#),
            (json!({ "args": [] }), r#"o/args: [] not ["x","y"]"#),
            (json!({ "args": ["y", "x"] }), r#"o/args/0: "y" not "x""#),
        ] {
            assert_eq!(missing(part, pod.clone())[0], told);
        }
    }

    #[test]
    fn what_was_seen_of_a_part_is_a_part() {
        let pod =
            json!({ "containers": [{ "name": "a", "image": "1", "args": ["x"] }, { "name": "b" }], "hostPID": true });
        let part = json!({ "containers": [{ "name": "c" }, { "name": "a", "image": "2", "args": ["y", "z"] }], "hostPID": false,
            "hostIPC": true, "volumes": null });
        let seen = seen_of_object(&part, &pod);
        let expected =
            json!({ "containers": [{ "name": "a", "image": "1", "args": ["x"] }], "hostPID": true, "volumes": null });
        assert_eq!(seen, expected);
        assert_eq!(missing(seen, pod), [""; 0]);
        let patch = json!([{ "op": "add", "path": "/a", "value": 1 }, { "op": "remove", "path": "/b" }]);
        let part = json!([{ "op": "add", "path": "/a", "value": 2 }, { "op": "remove", "path": "/b" }, { "op": "remove", "path": "/c" }]);
        assert_eq!(json!(seen_of_patch(&part, &patch)), patch);
    }
}
