//! From a stored object to the review that the audit scanner makes of it.

use serde_json::Value;

use super::{AdmissionRequest, GroupVersionResource, MADE_UID, Request, UserInfo, made_from};
use crate::input::{Cursor, Document, InputError};
use crate::request::RequestOptions;

/// Reads a plain Kubernetes object, and makes the request of it that Kubewarden's audit scanner sends: a CREATE without a
/// user, whose `resource.resource` is the kind, with neither `requestKind` nor `requestResource`, `options` and `dryRun`.
///
/// `name` (a path, or something like `<stdin>`) goes into errors and selects the format as for any [`Document`].
///
/// # Errors
///
/// When the document is no Kubernetes object: the audit scanner has nothing else to send.
pub fn read_stored(bytes: &[u8], name: &str) -> Result<Request, InputError> {
    stored(&Document::parse(bytes, name)?.root())
}

pub(crate) fn stored(cursor: &Cursor<'_>) -> Result<Request, InputError> {
    let object = super::plain_object(cursor).map_err(|error| InputError {
        message: format!("{}: the audit scanner asks about stored objects", error.message),
        ..error
    })?;
    // Checks kind and metadata; the names of resources do not matter here.
    let made = made_from(cursor, &RequestOptions::default(), &mut Vec::new())?;
    let metadata =
        |key| object.pointer("/metadata").and_then(|m| m.get(key)).and_then(Value::as_str).map(str::to_owned);
    let request = AdmissionRequest {
        uid: metadata("uid").unwrap_or_else(|| MADE_UID.to_owned()),
        resource: GroupVersionResource {
            group: made.kind.group.clone(),
            version: made.kind.version.clone(),
            resource: made.kind.kind.clone(),
        },
        kind: made.kind,
        name: metadata("name"),
        namespace: metadata("namespace"),
        operation: "CREATE".to_owned(),
        user_info: UserInfo::default(),
        object: Some(object),
        ..AdmissionRequest::default()
    };
    Ok(Request::Kubernetes(Box::new(request)))
}
