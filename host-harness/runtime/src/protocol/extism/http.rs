//! What a plug-in asks for with `http_request`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Panic;
use admit::wire::chainloop::HttpRequest;

/// Reads a request as Go does: keys in any case, unknown ones are ignored, `null` stands for nothing.
///
/// # Errors
///
/// Ends the run when it cannot be read.
pub(super) fn read(json: &[u8], body: Vec<u8>) -> Result<HttpRequest, Panic> {
    let invalid = |reason: String| Panic(format!("Invalid HTTP Request: {reason}"));
    let request: Option<Map<String, Value>> =
        serde_json::from_slice(json).map_err(|error| invalid(error.to_string()))?;
    let (mut url, mut method, mut headers) = (String::new(), String::new(), BTreeMap::new());
    for (key, value) in request.unwrap_or_default() {
        match key.to_lowercase().as_str() {
            "url" => url = text(&key, value).map_err(invalid)?,
            "method" => method = text(&key, value).map_err(invalid)?.to_uppercase(),
            "headers" => match value {
                Value::Null => {}
                Value::Object(map) => {
                    for (name, value) in map {
                        let value = text(&key, value).map_err(invalid)?;
                        headers.insert(name, value);
                    }
                }
                other => return Err(invalid(format!("`{key}` must be an object of texts, found {}", kind(&other)))),
            },
            _ => {}
        }
    }
    if method.is_empty() {
        method = "GET".to_owned();
    }
    Ok(HttpRequest { url, method, headers, body })
}

fn text(key: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Ok(String::new()),
        other => Err(format!("`{key}` must be a string, found {}", kind(&other))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_as_in_go() {
        let request =
            read(br#"{"URL":"u","Method":"post","headers":{"A":"b","C":null},"x":1}"#, Vec::new()).expect("one");
        assert_eq!((request.url.as_str(), request.method.as_str()), ("u", "POST"));
        assert_eq!(request.headers, BTreeMap::from([("A".into(), "b".into()), ("C".into(), String::new())]));
        let empty = read(b"null", vec![1]).expect("one");
        assert_eq!((empty.url.as_str(), empty.method.as_str(), empty.body), ("", "GET", vec![1]));
        for wrong in ["", "[]", r#"{"url":1}"#, r#"{"url":"u","headers":{"a":1}}"#, r#"{"headers":[]}"#, "{} {}"] {
            let error = read(wrong.as_bytes(), Vec::new()).expect_err("not one").to_string();
            assert!(error.starts_with("Invalid HTTP Request: "), "{error}");
        }
    }
}
