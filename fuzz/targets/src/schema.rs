//! Forms for settings, made of a JSON Schema that an author may have written by hand.

use admit_host::settings_schema::questions;
use serde_json::Value;

pub(crate) const WORDS: &[&str] = &[
    "$schema",
    "$ref",
    "$defs",
    "#/$defs/Inner",
    "#",
    "#/",
    "properties",
    "type",
    "object",
    "string",
    "integer",
    "number",
    "boolean",
    "array",
    "null",
    "items",
    "additionalProperties",
    "required",
    "default",
    "title",
    "description",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "allOf",
    "minimum",
    "maximum",
    "format",
    "uint8",
    "pattern",
    "minLength",
    "maxItems",
    "a.b",
    "[0]",
    "\u{85}",
    "\u{feff}",
];

/// Any JSON is a schema: what cannot be asked for is left out, and the form is YAML.
pub(crate) fn settings_schema(data: &[u8]) {
    let Ok(schema) = serde_json::from_slice::<Value>(data) else { return };
    let form = questions(&schema);
    let read = admit_host::input::Document::parse(form.yaml.as_bytes(), "questions-ui.yml");
    let read = read.unwrap_or_else(|error| panic!("{error}\n{}", form.yaml));
    assert!(read.value()["questions"].is_array(), "{}", form.yaml);
    // Forms are for people: a schema of a few lines must not ask more than anybody would answer.
    let asked = form.yaml.matches("variable:").count();
    assert!(asked <= 1_000 + data.len() / "variable:".len(), "{asked} questions");
}
