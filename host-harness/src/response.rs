//! The `AdmissionResponse` that Kubewarden sends, field by field and in its order.

use std::collections::BTreeMap;

use serde::Serialize;

/// What the API server receives.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionResponse {
    /// The request's uid; empty for raw requests without one.
    pub uid: String,
    /// Whether the request may enter.
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

/// Message and code of an [`AdmissionResponse`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AdmissionStatus {
    /// What the user is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// HTTP status code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
}
