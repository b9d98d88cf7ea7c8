//! Writing YAML.

use serde::Serialize;
use serde_json::Value;

use super::ScaffoldError;

/// YAML that reads back as what was written.
///
/// # Errors
///
/// [`ScaffoldError::Yaml`], for a text that YAML cannot hold.
pub fn yaml(value: &impl Serialize) -> Result<String, ScaffoldError> {
    let failed = |error: &dyn std::fmt::Display| ScaffoldError::Yaml(error.to_string());
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    let text = serde_saphyr::to_string_with_options(value, options).map_err(|error| failed(&error))?;
    let wanted = serde_json::to_value(value).map_err(|error| failed(&error))?;
    match serde_saphyr::from_str::<Value>(&text) {
        Ok(read) if read == wanted => Ok(text),
        Ok(_) => Err(failed(&"it does not read back as it was")),
        Err(error) => Err(failed(&error)),
    }
}
