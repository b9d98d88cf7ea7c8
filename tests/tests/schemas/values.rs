//! What is put in place of other values.

use serde_json::{Value, json};

/// The type of a value; of words, the word.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::String(text) if WORDS.contains(&text.as_str()) => text.clone(),
        Value::String(_) => "a text".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Words that mean something somewhere.
pub(super) const WORDS: [&str; 30] = [
    "accept",
    "reject",
    "invalid-settings",
    "error",
    "success",
    "fail",
    "skip",
    "ignore",
    "protect",
    "monitor",
    "CREATE",
    "update",
    "DELETE",
    "STRING",
    "CONTAINER_IMAGE",
    "SBOM_CYCLONEDX_JSON",
    "wapc",
    "wasi",
    "any",
    "recorded",
    "*",
    "kubernetes/*",
    "http/request",
    "kubernetes/get_resource",
    "timeout",
    "add",
    "remove",
    "Namespaced",
    "List",
    "AdmissionReview",
];

/// Values of every type; for what stands high up more of them, and for a word the other words.
pub(super) fn palette(depth: usize, instead_of: &Value) -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!("text"),
        json!([]),
        json!({}),
        json!(["text"]),
        json!({"file": "nowhere.yaml"}),
    ];
    if depth < 4 {
        values.extend([
            json!(false),
            json!(0),
            json!(300),
            json!(70_000),
            json!(""),
            json!("/absolute"),
            json!("two\nlines"),
            json!([null]),
            json!([["text"]]),
            json!([{}]),
            json!({"file": 5}),
            json!({"text": "text"}),
            json!({"text": null}),
            json!({"contains": "text"}),
            json!({"matches": "("}),
        ]);
    }
    if instead_of.as_str().is_some_and(|word| WORDS.contains(&word)) {
        values.extend(WORDS.map(Value::from));
    }
    values
}
