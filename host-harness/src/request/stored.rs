//! From a stored object to the review that the audit scanner makes of it.

use serde_json::Value;

use super::{
    AdmissionRequest, Documents, GroupVersionResource, Item, MADE_UID, Operation, Request, UserInfo, made_from,
};
use crate::input::{Document, InputError};
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
    stored(&Item::new(Document::parse(bytes, name)?.root()))
}

/// Reads every plain object in a text, as [`read_all`](super::read_all) does, and makes the requests of them that the audit scanner
/// sends.
///
/// # Errors
///
/// As those of [`read_stored`].
pub fn read_all_stored(bytes: &[u8], name: &str) -> Result<Vec<Request>, InputError> {
    Documents::parse(bytes, name)?.stored()
}

impl Documents {
    /// The requests that the audit scanner sends about the objects in them, as [`read_all_stored`] says.
    ///
    /// # Errors
    ///
    /// As those of [`read_all_stored`].
    pub fn stored(&self) -> Result<Vec<Request>, InputError> {
        self.items()?.iter().map(stored).collect()
    }
}

pub(crate) fn stored(item: &Item<'_>) -> Result<Request, InputError> {
    if !item.of_list() {
        super::plain_object(&item.cursor).map_err(|error| InputError {
            message: format!("{}: the audit scanner asks about stored objects", error.message),
            ..error
        })?;
    }
    let object = item.value();
    // Checks kind and metadata; the names of resources do not matter here.
    let options = RequestOptions { operation: Some(Operation::Create), ..RequestOptions::default() };
    let made = made_from(item, &options, &mut Vec::new())?;
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
