//! A policy's answer as it is read here: what it says besides the verdict has a bound.

use std::collections::BTreeMap;
use std::fmt;

use admit::wire;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::limits::MAX_REMARKS;
use crate::outcome::LeftOut;

/// Cost of a text in the bound besides its own bytes, in bytes.
const OVERHEAD: usize = 64;

/// A [`wire::ValidationResponse`] and what of it is not kept. It has that name because errors tell it.
#[derive(Deserialize)]
pub(super) struct ValidationResponse {
    accepted: bool,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    code: Option<u16>,
    #[serde(default)]
    mutated_object: Option<Value>,
    #[serde(default)]
    audit_annotations: Option<Kept<BTreeMap<String, String>>>,
    #[serde(default)]
    warnings: Option<Kept<Vec<String>>>,
}

impl ValidationResponse {
    pub(super) fn into_parts(self) -> (wire::ValidationResponse, LeftOut) {
        let Self { accepted, message, code, mutated_object, audit_annotations, warnings } = self;
        let left_out = LeftOut {
            warnings: warnings.as_ref().map_or(0, |kept| kept.left_out),
            audit_annotations: audit_annotations.as_ref().map_or(0, |kept| kept.left_out),
        };
        let audit_annotations = audit_annotations.map(|kept| kept.texts);
        let warnings = warnings.map(|kept| kept.texts);
        (wire::ValidationResponse { accepted, message, code, mutated_object, audit_annotations, warnings }, left_out)
    }
}

/// Texts up to the bound: once one was left out, all later ones are.
#[derive(Default)]
struct Kept<T> {
    texts: T,
    bytes: usize,
    left_out: u64,
}

impl<T> Kept<T> {
    /// Whether a text of this size is kept.
    fn keeps(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes).saturating_add(OVERHEAD);
        let keeps = self.bytes <= MAX_REMARKS;
        if !keeps {
            self.bytes = usize::MAX;
            self.left_out += 1;
        }
        keeps
    }
}

impl<'de> Deserialize<'de> for Kept<Vec<String>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = Kept<Vec<String>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Self::Value, A::Error> {
                let mut kept = Self::Value::default();
                while let Some(text) = texts.next_element::<String>()? {
                    if kept.keeps(text.len()) {
                        kept.texts.push(text);
                    }
                }
                Ok(kept)
            }
        }

        deserializer.deserialize_seq(Texts)
    }
}

impl<'de> Deserialize<'de> for Kept<BTreeMap<String, String>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Kept<BTreeMap<String, String>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut kept = Self::Value::default();
                while let Some((key, value)) = entries.next_entry::<String, String>()? {
                    if kept.keeps(key.len().saturating_add(value.len())) {
                        kept.texts.insert(key, value);
                    }
                }
                Ok(kept)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(answer: &str) -> Result<(wire::ValidationResponse, LeftOut), String> {
        serde_json::from_str::<ValidationResponse>(answer)
            .map(ValidationResponse::into_parts)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_small_is_read_as_its_type_says() {
        for answer in [
            r#"{"accepted": true}"#,
            r#"{"accepted": false, "message": "no", "code": 403, "warnings": null, "audit_annotations": null}"#,
            r#"{"accepted": true, "warnings": [], "audit_annotations": {}, "mutated_object": null, "more": 1}"#,
            r#"{"accepted": true, "warnings": ["a", ""], "audit_annotations": {"k": "v"}, "mutated_object": {"a": 1}}"#,
            "[]",
            "7",
            r#"[true, null, null, null, {"a": "b"}, ["c"]]"#,
            r#"{"accepted": 1}"#,
            r#"{"warnings": []}"#,
            r#"{"accepted": true, "accepted": true}"#,
            r#"{"accepted": true, "warnings": "w"}"#,
            r#"{"accepted": true, "warnings": {"a": 1}}"#,
            r#"{"accepted": true, "warnings": [1]}"#,
            r#"{"accepted": true, "audit_annotations": []}"#,
            r#"{"accepted": true, "audit_annotations": {"a": 1}}"#,
            r#"{"accepted": true, "code": 70000}"#,
        ] {
            let expected = serde_json::from_str::<wire::ValidationResponse>(answer).map_err(|error| error.to_string());
            assert_eq!(read(answer), expected.map(|response| (response, LeftOut::default())), "{answer}");
        }
    }

    #[test]
    fn what_is_too_much_is_left_out_and_counted() {
        let half = "x".repeat(MAX_REMARKS / 2);
        let answer = json!({
            "accepted": true,
            "warnings": ["first", half, half, "too late"],
            "audit_annotations": {"a": half, "b": half, "c": ""},
        });
        let (response, left_out) = read(&answer.to_string()).unwrap();
        assert_eq!(left_out, LeftOut { warnings: 2, audit_annotations: 2 });
        assert_eq!(response.warnings, Some(vec!["first".to_owned(), half.clone()]));
        assert_eq!(response.audit_annotations, Some(BTreeMap::from([("a".to_owned(), half)])));
    }
}
