//! The JSON documents that cross the border between a host and a policy: Kubewarden's here, Chainloop's in [`chainloop`].
//!
//! Guest and host share these types, so a mistake here would cancel out in a test that uses both. The golden documents and
//! the upstream peers in the `tests` package check the types independently.

pub mod chainloop;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[doc(hidden)]
pub use crate::base64::{decode as decode_base64, encode as encode_base64};

/// The waPC binding, and the first argument of every host call: always this text.
pub const BINDING: &str = "kubewarden";

/// The protocol version that a waPC policy answers to `protocol_version`.
pub const PROTOCOL_VERSION: &str = "v1";

/// Name of the custom section that says how the SDK made a module: the JSON text of a [`Marker`].
pub const MARKER_SECTION: &str = "admit";

/// Text that a module has in its data segments exactly when the policy's code can mutate, that is, when
/// [`Verdict::mutate`](crate::Verdict::mutate) is reachable in it. Modules of other toolkits never have it.
pub const MUTATES: &str = "admit: the code of this policy can mutate what comes in";

/// The text of [`FINDINGS`], with the name of a finding type behind it if there is one. A macro, as `concat!` takes only
/// literals.
macro_rules! findings_marker {
    ($($finding_type:expr)?) => {
        concat!("admit: findings of type ", $($finding_type)?)
    };
}
#[cfg(feature = "chainloop")]
pub(crate) use findings_marker;

/// Text that a module has in its data segments for each type of findings that the policy's code can report, with the name of
/// the type behind it.
pub const FINDINGS: &str = findings_marker!();

/// What Kubewarden's hosts put in front of the text of a capability that failed.
pub const CALLBACK_FAILURE: &str = "Callback evaluation failure: ";

/// What a module says about how it was made, in its custom section [`MARKER_SECTION`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Marker {
    /// Version of the SDK.
    pub sdk: String,
    /// Whether the policy takes raw requests instead of admission requests.
    pub raw: bool,
    /// Whether the policy takes the host, and so can call capabilities.
    pub host: bool,
    /// Whether the policy takes materials of Chainloop attestations; such a one is for Chainloop only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub material: bool,
}

/// The plural name under which the API is likely to serve a kind: by the rules of English, which those who name resources
/// follow. It is right for every built-in kind.
pub fn plural(kind: &str) -> String {
    let lower = kind.to_lowercase();
    match lower.strip_suffix('y') {
        // The one built-in kind that is a plural already.
        _ if lower == "endpoints" => lower,
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| lower.ends_with(end)) => lower + "es",
        _ => lower + "s",
    }
}

/// waPC operation names (WASI uses [`argument`] names instead).
pub mod operation {
    /// Evaluates a request: payload `{"request": …, "settings": {…}}`, answer [`ValidationResponse`](super::ValidationResponse).
    pub const VALIDATE: &str = "validate";
    /// Checks settings: payload is the bare settings object, answer [`SettingsValidationResponse`](super::SettingsValidationResponse).
    pub const VALIDATE_SETTINGS: &str = "validate_settings";
    /// Asks for [`PROTOCOL_VERSION`](super::PROTOCOL_VERSION): empty payload, answer a JSON string.
    pub const PROTOCOL_VERSION: &str = "protocol_version";
    /// Asks for the JSON Schema of the settings: empty payload, answer the schema, or `null` when the policy does not know
    /// it. Only modules that were built with the feature `schema` of the SDK answer; they are not meant for a cluster.
    pub const SETTINGS_SCHEMA: &str = "settings_schema";
}

/// Names of the operations as a WASI policy receives them in `argv[1]`.
pub mod argument {
    /// As [`operation::VALIDATE`](super::operation::VALIDATE).
    pub const VALIDATE: &str = "validate";
    /// As [`operation::VALIDATE_SETTINGS`](super::operation::VALIDATE_SETTINGS), but with a hyphen.
    pub const VALIDATE_SETTINGS: &str = "validate-settings";
    /// As [`operation::SETTINGS_SCHEMA`](super::operation::SETTINGS_SCHEMA), but with a hyphen. A Chainloop policy finds it in
    /// place of its args.
    pub const SETTINGS_SCHEMA: &str = "settings-schema";
}

/// A policy's answer to `validate`.
///
/// Absent and `null` are the same for every optional field; fields that the contract does not name are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ValidationResponse {
    /// Whether the request may enter.
    pub accepted: bool,
    /// The message of a rejection, for the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// HTTP status code that goes with a rejection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// The whole object (for raw policies: the whole request) after the mutation; absent when nothing is mutated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutated_object: Option<Value>,
    /// Entries for the audit log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_annotations: Option<BTreeMap<String, String>>,
    /// Texts that the API server shows to the user, whatever the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<String>>,
}

/// A policy's answer to `validate_settings`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsValidationResponse {
    /// Whether the policy can work with these settings.
    pub valid: bool,
    /// What is wrong with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
