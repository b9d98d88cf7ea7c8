//! Writing YAML.

use serde::Serialize;

use super::ScaffoldError;
use crate::input;

/// YAML that reads back as what was written: by kubectl and by what reads YAML 1.2, such as kwctl.
///
/// # Errors
///
/// [`ScaffoldError::Yaml`], for a text that YAML cannot hold.
pub fn yaml(value: &impl Serialize) -> Result<String, ScaffoldError> {
    input::yaml(value).map_err(ScaffoldError::Yaml)
}
