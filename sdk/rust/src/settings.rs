//! The policy's settings.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::json::Value;

/// Settings of a policy: a struct with named fields that derives `Deserialize` and `Settings`.
///
/// The derive answers the host's `validate_settings`: fields that a struct does not have and values of the wrong type, at
/// any depth, make the settings invalid, with the JSON pointer of the field and what was expected. The same is checked
/// again when a request is evaluated.
///
/// serde hides the fields of internally tagged (`tag = "…"`), adjacently tagged and untagged enums from the decoder. Where
/// settings have one, add `#[serde(deny_unknown_fields)]` to it; better, use serde's default representation. A struct with
/// `#[serde(flatten)]` cannot derive `Settings`, because nothing can tell a typo from a field of the flattened part.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the settings of a policy",
    label = "add `#[derive(serde::Deserialize, admit::Settings)]` to this struct"
)]
pub trait Settings: DeserializeOwned {
    /// Checks what types cannot say, such as `min <= max`. With the derive: `#[settings(check = function)]`.
    ///
    /// # Errors
    ///
    /// When the policy cannot work with these settings.
    fn check(&self) -> Result<(), SettingsError> {
        Ok(())
    }

    /// The JSON Schema; `None` where the trait was implemented by hand.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    fn __schema() -> Option<serde_json::Value> {
        None
    }
}

/// For policies without settings: only `{}` is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct NoSettings {}

impl Settings for NoSettings {
    #[cfg(feature = "schema")]
    fn __schema() -> Option<serde_json::Value> {
        Some(serde_json::json!({"title": "NoSettings", "type": "object", "additionalProperties": false}))
    }
}

/// What is wrong with settings; the user reads this when the policy is deployed.
///
/// ```
/// # use admit::SettingsError;
/// let error = SettingsError::new("must not be larger than `max`").at("/min");
/// assert_eq!(error.to_string(), "/min: must not be larger than `max`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    message: String,
    pointer: Option<String>,
}

impl SettingsError {
    /// An error with its text for the user.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), pointer: None }
    }

    /// Points at the field that is meant: a JSON pointer (RFC 6901) from the settings object.
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(pointer) = &self.pointer {
            write!(f, "{pointer}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}

impl From<&str> for SettingsError {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<String> for SettingsError {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

/// Decodes and checks settings that came as the args of a Chainloop policy.
#[cfg(feature = "chainloop")]
pub(crate) fn from_args<S: Settings>(args: Value<'_>) -> Result<S, String> {
    let settings: S = crate::decode_args::decode(args).map_err(|error| error.to_string())?;
    settings.check().map_err(|error| error.to_string())?;
    Ok(settings)
}

/// Decodes and checks settings; the text of an error says what is wrong and where.
pub(crate) fn validated<S: Settings>(settings: Value<'_>) -> Result<S, String> {
    let settings: S = settings.decode_strict().map_err(|error| error.to_string())?;
    settings.check().map_err(|error| error.to_string())?;
    Ok(settings)
}
