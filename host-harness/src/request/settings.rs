//! Settings.

use serde_json::{Map, Value};

use crate::input::{Cursor, Document, InputError};

/// Reads settings from JSON or YAML: an object, or nothing at all (an empty text or `null`), which counts as `{}`.
///
/// `name` is the file, or what stands for it; it selects the format as for any [`Document`].
pub fn read_settings(bytes: &[u8], name: &str) -> Result<Map<String, Value>, InputError> {
    settings_of(&Document::parse(bytes, name)?.root())
}

/// What kwctl reads as something else than [`read_settings`] and a cluster: each with its place, and how to write it so that
/// it means the same to both.
///
/// A cluster gets its settings from kubectl, which reads YAML 1.1 and writes JSON as Go does; kwctl reads YAML 1.2.
///
/// # Errors
///
/// Those of [`read_settings`] but that the settings are an object.
pub fn settings_read_otherwise_by_kwctl(bytes: &[u8], name: &str) -> Result<Vec<InputError>, InputError> {
    Ok(Document::parse(bytes, name)?.read_otherwise_by_kwctl())
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
