//! Settings.

use serde_json::{Map, Value};

use crate::input::{Cursor, Document, InputError};

/// Reads settings from JSON or YAML: an object, or nothing at all (an empty text or `null`), which counts as `{}`.
///
/// `name` is the file, or what stands for it; it selects the format as for any [`Document`].
pub fn read_settings(bytes: &[u8], name: &str) -> Result<Map<String, Value>, InputError> {
    settings_of(&Document::parse(bytes, name)?.root())
}

pub(crate) fn settings_of(cursor: &Cursor<'_>) -> Result<Map<String, Value>, InputError> {
    let found = match cursor.value() {
        Value::Object(object) => return Ok(object.clone()),
        Value::Null => return Ok(Map::new()),
        Value::Array(_) => "an array",
        Value::String(_) => "a string",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
    };
    Err(cursor.error(format!("settings must be an object, found {found}")))
}
