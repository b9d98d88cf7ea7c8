//! What editors show of a key.

use std::collections::BTreeSet;

use admit_host::{capabilities::World, case};
use libtest_mimic::Trial;
use serde_json::Value;

use super::schema::Schema;

pub(super) fn trials() -> Vec<Trial> {
    trials![they_are_schemas_of_their_draft, every_key_says_what_it_does, references_lose_nothing]
}

fn all() -> [(&'static str, Value); 3] {
    [("case", case::SCHEMA), ("world", World::SCHEMA), ("report", case::REPORT_SCHEMA)]
        .map(|(name, text)| (name, serde_json::from_str(text).expect("JSON")))
}

fn they_are_schemas_of_their_draft() {
    for (name, schema) in all() {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let id = format!("https://admit-rs.github.io/admit/schemas/{name}.schema.json");
        assert_eq!(schema["$id"], id.as_str());
        // Compiling looks at the schema with the schema of schemas.
        Schema::new(&schema.to_string());
    }
}

fn every_key_says_what_it_does() {
    for (name, schema) in all() {
        let (mut missing, mut narrowed, mut described) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        walk(&schema, name, false, &mut |part, at, narrows| {
            for (key, property) in part["properties"].as_object().into_iter().flatten() {
                match property["description"].as_str() {
                    Some(text) if text.ends_with('.') => drop(described.insert(key.clone())),
                    Some(_) => missing.push(format!("{at}: the description of `{key}` is no sentence")),
                    // A key that is refused needs no description.
                    None if property.is_boolean() => {}
                    // The same key of the whole document.
                    None if property["$ref"] == format!("#/properties/{key}") => {}
                    None if narrows => drop(narrowed.insert(key.clone())),
                    None => missing.push(format!("{at}: `{key}` has no description")),
                }
            }
        });
        missing.extend(narrowed.difference(&described).map(|key| format!("{name}: `{key}` has no description")));
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}

/// Editors merge the target of a `$ref` with what stands beside it, and one of two equal keywords gets lost.
fn references_lose_nothing() {
    for (name, schema) in all() {
        walk(&schema, name, false, &mut |part, at, _| {
            let Some(reference) = part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) else {
                return;
            };
            let target = schema.pointer(reference).unwrap_or_else(|| panic!("{at}: {reference} is not there"));
            for key in part.as_object().expect("an object").keys().filter(|key| !["$ref", "$defs"].contains(&&***key)) {
                assert!(target.get(key).is_none(), "{at}: `{key}` is here and in {reference}");
            }
        });
    }
}

/// Visits every schema in a schema that has something to describe, with whether it only narrows down what another one,
/// for the same value, introduces.
fn walk(schema: &Value, at: &str, narrows: bool, visit: &mut impl FnMut(&Value, &str, bool)) {
    if !schema.is_object() {
        return;
    }
    visit(schema, at, narrows);
    for (keyword, part) in schema.as_object().into_iter().flatten() {
        let at = format!("{at}/{keyword}");
        match (keyword.as_str(), part) {
            ("properties" | "patternProperties" | "$defs", Value::Object(parts)) => {
                parts.iter().for_each(|(key, part)| walk(part, &format!("{at}/{key}"), false, visit));
            }
            ("items" | "additionalProperties", _) => walk(part, &at, false, visit),
            ("then" | "else", _) => walk(part, &at, true, visit),
            ("allOf", Value::Array(parts)) => parts.iter().for_each(|part| walk(part, &at, true, visit)),
            // Conditions, and keywords that hold no schema.
            _ => {}
        }
    }
}
