//! The `AdmissionResponse` that Kubewarden sends, field by field and in its order.

use std::collections::BTreeMap;

use admit::wire::ValidationResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use json_patch::Patch;
use serde::Serialize;
use serde_json::Value;

/// Told to the user when a policy answers with a mutated object, and there was none.
const MUTATION_WITHOUT_OBJECT: &str = "Incoming object is null, which happens only with DELETE operations, but the policy is attempting a mutation. This is not allowed";

/// The code of every failure.
const INTERNAL_SERVER_ERROR: u16 = 500;

/// What the API server receives.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionResponse {
    /// The request's uid; empty for raw requests without one.
    pub uid: String,
    /// Whether the request is accepted.
    pub allowed: bool,
    /// `JSONPatch` when there is a patch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch_type: Option<String>,
    /// Base64 of the RFC 6902 patch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// Message and code; present when either is, even on an accepted request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AdmissionStatus>,
    /// Entries for the audit log; `null` when there are none.
    pub audit_annotations: Option<BTreeMap<String, String>>,
    /// Warnings for the user; `null` when there are none.
    pub warnings: Option<Vec<String>>,
}

/// Message and code of an [`AdmissionResponse`]; a Kubernetes `Status` in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AdmissionStatus {
    /// `Success` or `Failure`; Kubewarden never sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The message for the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The reason in one word, for programs; Kubewarden never sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Details: the causes of a rejection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<StatusDetails>,
    /// HTTP status code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
}

/// Details of an [`AdmissionStatus`]. Kubewarden only sets the causes; without any they are written as `{}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StatusDetails {
    /// Name of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its API group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its uid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The causes of the rejection.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<StatusCause>,
    /// Seconds until it is worth to try again. Kubernetes would read `retryAfterSeconds`; Kubewarden writes it like this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

/// One of the causes in [`StatusDetails`]; what is not known is written as `null`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StatusCause {
    /// The reason in one word, for programs.
    pub reason: Option<String>,
    /// A text for people.
    pub message: Option<String>,
    /// The field that is the cause.
    pub field: Option<String>,
}

impl AdmissionResponse {
    /// The response for a policy's answer, and its patch before it is encoded. `base` is what a mutation starts from: the
    /// request's object, for raw requests the whole request.
    ///
    /// The patch is there even when the request is rejected, and the status even when it is accepted: so does Kubewarden.
    pub(crate) fn from_answer(uid: &str, base: Option<&Value>, answer: &ValidationResponse) -> (Self, Option<Patch>) {
        let patch = match (answer.mutated_object.as_ref(), base) {
            (None, _) => None,
            (Some(mutated), Some(base)) => diff(base, mutated),
            (Some(_), None) => {
                let status =
                    AdmissionStatus { message: Some(MUTATION_WITHOUT_OBJECT.to_owned()), ..AdmissionStatus::default() };
                return (Self { uid: uid.to_owned(), status: Some(status), ..Self::default() }, None);
            }
        };
        let response = Self {
            uid: uid.to_owned(),
            allowed: answer.accepted,
            patch_type: patch.is_some().then(|| "JSONPatch".to_owned()),
            patch: patch.as_ref().map(encode),
            status: (answer.message.is_some() || answer.code.is_some()).then(|| AdmissionStatus {
                message: answer.message.clone(),
                code: answer.code,
                ..AdmissionStatus::default()
            }),
            audit_annotations: answer.audit_annotations.clone(),
            warnings: answer.warnings.clone(),
        };
        (response, patch)
    }

    /// What Kubewarden makes of a run without an answer: a rejection with this message and the code 500.
    pub fn from_failure(uid: &str, message: String) -> Self {
        let status =
            AdmissionStatus { message: Some(message), code: Some(INTERNAL_SERVER_ERROR), ..AdmissionStatus::default() };
        Self { uid: uid.to_owned(), status: Some(status), ..Self::default() }
    }
}

/// Whether a patch between two values is at most `limit` bytes long, by an upper bound for its size: the patch is not made.
///
/// Every value can become one operation, which says its path and its text. Paths are where a small answer can make a large
/// patch: a long key is repeated for each value below it.
pub(crate) fn patch_fits(base: &Value, mutated: &Value, limit: usize) -> bool {
    /// `{"op":"replace","path":"","value":},`
    const OPERATION: usize = 37;

    fn spend(value: &Value, path: usize, left: &mut usize) -> Option<()> {
        let text = match value {
            Value::String(text) => text.len(),
            _ => 24,
        };
        *left = left.checked_sub(OPERATION.checked_add(path)?.checked_add(text)?)?;
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| spend(item, path + 8, left)),
            Value::Object(fields) => fields.iter().try_for_each(|(key, item)| spend(item, path + key.len() + 1, left)),
            _ => Some(()),
        }
    }
    let mut left = limit;
    spend(base, 0, &mut left).and_then(|()| spend(mutated, 0, &mut left)).is_some()
}

/// The patch from `base` to `mutated`; none when they are equal.
fn diff(base: &Value, mutated: &Value) -> Option<Patch> {
    // Sorted keys give sorted operations. They already are, unless a crate of the same build asks serde_json to preserve order.
    let sorted = |value: &Value| {
        let mut value = value.clone();
        value.sort_all_objects();
        value
    };
    let patch = json_patch::diff(&sorted(base), &sorted(mutated));
    (!patch.0.is_empty()).then_some(patch)
}

fn encode(patch: &Patch) -> String {
    STANDARD.encode(serde_json::to_vec(patch).expect("a patch of JSON values is JSON"))
}
