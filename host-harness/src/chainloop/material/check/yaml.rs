//! YAML as Go's `yaml` reads it where it is not told what to expect.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How deep a document may be nested.
const MAX_DEPTH: usize = 127;

/// A value; what JSON has no name for is told apart.
#[derive(Debug)]
struct Node {
    value: Value,
    /// Whether a key somewhere in it is no string.
    odd: bool,
}

/// A document, and whether all keys in it are strings.
///
/// # Errors
///
/// What is no YAML.
pub(super) fn document(text: &[u8]) -> Result<(Value, bool), String> {
    let text = std::str::from_utf8(text).map_err(|_| "yaml: invalid leading UTF-8 octet".to_owned())?;
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH, max_events: 40_000_000, max_nodes: 10_000_000, max_documents: 1 },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 100_000 },
    };
    let node: Node = serde_saphyr::from_str_with_options(text, options).map_err(|error| format!("yaml: {error}"))?;
    Ok((node.value, !node.odd))
}

/// Whether there is a mapping; `false` for a text with nothing in it.
///
/// # Errors
///
/// What is no YAML, and no mapping.
pub(super) fn mapping(text: &[u8]) -> Result<bool, String> {
    let plain = String::from_utf8_lossy(text);
    let said = |line: &str| !(line.trim().is_empty() || line.trim_start().starts_with('#'));
    if !plain.lines().any(said) {
        return Ok(false);
    }
    match document(text)? {
        (Value::Object(_) | Value::Null, _) => Ok(true),
        _ => Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal into map[string]interface {}".to_owned()),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(plain(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(plain(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(plain(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(plain(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(plain(value))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(plain(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(plain(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let (mut list, mut odd) = (Vec::new(), false);
        while let Some(item) = items.next_element::<Node>()? {
            odd |= item.odd;
            list.push(item.value);
        }
        Ok(Node { value: Value::Array(list), odd })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let (mut map, mut odd) = (Map::new(), false);
        while let Some((key, value)) = entries.next_entry::<Node, Node>()? {
            odd |= value.odd;
            let key = match key.value {
                Value::String(key) => key,
                other => {
                    odd = true;
                    other.to_string()
                }
            };
            map.insert(key, value.value);
        }
        Ok(Node { value: Value::Object(map), odd })
    }
}

fn plain(value: impl Into<Value>) -> Node {
    Node { value: value.into(), odd: false }
}
