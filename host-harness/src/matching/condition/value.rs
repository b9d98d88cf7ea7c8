//! From a request to the variables of an expression.

use std::{collections::HashMap, sync::Arc};

use cel::Value;
use serde_json::Value as Json;

use crate::request::AdmissionRequest;

/// The variables, as API servers bind them for conditions.
pub(super) fn variables(request: &AdmissionRequest) -> [(&'static str, Value); 4] {
    let mut fields = serde_json::to_value(request).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        // What has a variable of its own, and what is made later.
        for key in ["uid", "object", "oldObject"] {
            fields.remove(key);
        }
        // A field without omitempty is there in any case.
        fields.retain(|_, value| value.as_str() != Some(""));
    }
    let object = |object: &Option<Json>| object.as_ref().map_or(Value::Null, value);
    [
        ("request", value(&fields)),
        ("object", object(&request.object)),
        ("oldObject", object(&request.old_object)),
        // Conditions of webhooks get none.
        ("namespaceObject", Value::Null),
    ]
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            // As Go reads what does not fit.
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(value).collect())),
        Json::Object(entries) => {
            let entries: HashMap<String, Value> =
                entries.iter().map(|(key, entry)| (key.clone(), value(entry))).collect();
            entries.into()
        }
    }
}
