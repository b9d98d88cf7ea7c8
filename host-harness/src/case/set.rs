//! Changes of the object that a case is about: `set`, JSON pointers and the values that stand there.

use serde_json::{Map, Value};

use crate::input::{Cursor, InputError};

/// The object with all of the changes, in the order of their pointers.
///
/// # Errors
///
/// A pointer that leads nowhere, with its place.
pub(super) fn changed(object: &Value, set: &Cursor<'_>) -> Result<Value, InputError> {
    let mut object = object.clone();
    for (pointer, value) in set.entries()? {
        put(&mut object, pointer, value.value()).map_err(|why| value.error(why))?;
    }
    Ok(object)
}

/// Puts a value where the pointer leads, and removes what stands there for `null`. Objects and arrays that are not there are made.
fn put(document: &mut Value, pointer: &str, value: &Value) -> Result<(), String> {
    let Some(path) = pointer.strip_prefix('/') else {
        return Err("the key must be a JSON pointer into the object, such as /spec/containers/0/image".to_owned());
    };
    let mut tokens: Vec<String> = path.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
    let last = tokens.pop().unwrap_or_default();
    let mut here = document;
    for token in &tokens {
        make(here, token);
        here = match here {
            Value::Object(fields) => fields.entry(token.clone()).or_insert(Value::Null),
            Value::Array(items) => {
                let length = items.len();
                let one_more = token == "-" || index(token) == Some(length);
                if one_more {
                    items.push(Value::Null);
                }
                let token = if one_more { &length.to_string() } else { token };
                index(token).and_then(|index| items.get_mut(index)).ok_or_else(|| no_item(token, length))?
            }
            _ => {
                return Err(format!(
                    "there is nothing below `{token}`: what is before it is neither an object nor an array"
                ));
            }
        };
    }
    make(here, &last);
    match here {
        Value::Object(fields) if value.is_null() => drop(fields.remove(&last)),
        Value::Object(fields) => drop(fields.insert(last, value.clone())),
        Value::Array(items) => {
            let length = items.len();
            match index(&last) {
                _ if last == "-" && !value.is_null() => items.push(value.clone()),
                Some(index) if index == length && !value.is_null() => items.push(value.clone()),
                Some(index) if index < length && value.is_null() => drop(items.remove(index)),
                Some(index) if index < length => items[index] = value.clone(),
                _ => return Err(no_item(&last, length)),
            }
        }
        _ => {
            return Err(format!(
                "there is nothing below `{last}`: what is before it is neither an object nor an array"
            ));
        }
    }
    Ok(())
}

/// Makes what is not there: an array where its first item is meant, else an object.
fn make(here: &mut Value, token: &str) {
    if here.is_null() {
        *here = if matches!(token, "0" | "-") { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
}

fn index(token: &str) -> Option<usize> {
    let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    token.parse().ok().filter(|_| digits)
}

fn no_item(token: &str, length: usize) -> String {
    format!("the array has no item `{token}`: it has {length}, counted from 0, and `-` stands for one more")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_put_where_the_pointer_leads() {
        let mut pod = json!({ "spec": { "containers": [{ "name": "a" }], "hostPID": true } });
        for (pointer, value) in [
            ("/spec/containers/0/securityContext/privileged", json!(true)),
            ("/spec/containers/-", json!({ "name": "b" })),
            ("/spec/containers/2", json!({ "name": "c" })),
            ("/spec/containers/1", Value::Null),
            ("/spec/hostPID", Value::Null),
            ("/metadata/labels/a~1b~0c", json!("d")),
            ("/spec/initContainers/-/name", json!("i")),
            ("/spec/volumes/0", json!({ "name": "v" })),
        ] {
            put(&mut pod, pointer, &value).unwrap_or_else(|why| panic!("{pointer}: {why}"));
        }
        let containers = json!([{ "name": "a", "securityContext": { "privileged": true } }, { "name": "c" }]);
        let spec =
            json!({ "containers": containers, "initContainers": [{ "name": "i" }], "volumes": [{ "name": "v" }] });
        assert_eq!(pod, json!({ "spec": spec, "metadata": { "labels": { "a/b~c": "d" } } }));
    }

    #[test]
    fn what_leads_nowhere_is_said() {
        let mut pod = json!({ "spec": { "containers": [{ "name": "a" }] } });
        for (pointer, word) in [
            ("spec", "must be a JSON pointer"),
            ("", "must be a JSON pointer"),
            ("/spec/containers/2/name", "no item `2`: it has 1"),
            ("/spec/containers/x", "no item `x`"),
            ("/spec/containers/7", "no item `7`"),
            ("/spec/containers/0/name/first", "nothing below `first`"),
            ("/spec/containers/0/name/first/second", "nothing below `first`"),
        ] {
            let why = put(&mut pod, pointer, &json!(1)).expect_err(pointer);
            assert!(why.contains(word), "{pointer}: {why}");
        }
    }
}
