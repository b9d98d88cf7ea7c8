//! What a policy is asked about: an AdmissionRequest as the host would send it, or a raw document.

mod sorted;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use sorted::{payload, settings};

/// The input of one evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A Kubernetes admission request.
    Kubernetes(Box<AdmissionRequest>),
    /// Any JSON, for raw policies.
    Raw(Value),
}

/// A request together with the form in which policies get it, which is made once for any number of them.
///
/// ```
/// # use admit_runtime::request::{AdmissionRequest, PreparedRequest, Request};
/// let request = AdmissionRequest { uid: "1".to_owned(), ..AdmissionRequest::default() };
/// let prepared = PreparedRequest::from(Request::Kubernetes(Box::new(request)));
/// assert_eq!(prepared.uid(), "1");
/// ```
#[derive(Clone, Debug)]
pub struct PreparedRequest {
    request: Request,
    json: Vec<u8>,
}

impl PreparedRequest {
    /// Identifies the request; comes back in the response. Empty when a raw request has none.
    pub fn uid(&self) -> &str {
        self.request.uid()
    }

    /// The request.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The request as policies get it.
    pub fn json(&self) -> &[u8] {
        &self.json
    }
}

impl From<Request> for PreparedRequest {
    fn from(request: Request) -> Self {
        Self { json: request.to_json(), request }
    }
}

impl Request {
    /// Identifies the request; comes back in the response. Empty when a raw request has none.
    pub fn uid(&self) -> &str {
        match self {
            Self::Kubernetes(request) => &request.uid,
            Self::Raw(raw) => raw.get("uid").and_then(Value::as_str).unwrap_or_default(),
        }
    }

    /// The JSON of the request, as policies get it: the keys of objects are sorted.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        sorted::to_vec(self)
    }

    /// What a mutation changes: the object, or all of a raw request. A request without an object, such as a DELETE, has none.
    pub fn base(&self) -> Option<&Value> {
        match self {
            Self::Kubernetes(request) => request.object.as_ref().filter(|object| !object.is_null()),
            Self::Raw(raw) => Some(raw),
        }
    }
}

/// An admission request as Kubewarden passes it on: fields that the contract does not name are dropped, optional fields
/// that are absent or null are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionRequest {
    /// Identifies the request; comes back in the response.
    pub uid: String,
    /// Kind of the object.
    pub kind: GroupVersionKind,
    /// Resource that is asked for.
    pub resource: GroupVersionResource,
    /// Subresource, for example `ephemeralcontainers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_resource: Option<String>,
    /// Kind of the original request, before the webhook's match policy converted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_kind: Option<GroupVersionKind>,
    /// Resource of the original request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_resource: Option<GroupVersionResource>,
    /// Subresource of the original request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_sub_resource: Option<String>,
    /// Name of the object; absent for a CREATE with `generateName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Namespace of the object, if its kind has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`; not checked, as upstream does not.
    pub operation: String,
    /// The user who makes the request.
    pub user_info: UserInfo,
    /// The object; absent on DELETE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<Value>,
    /// The object as it is stored; on UPDATE and DELETE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_object: Option<Value>,
    /// Whether the request is a dry run: nothing will be stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// Options of the operation, for example `CreateOptions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Value>,
}

/// Group, version and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupVersionKind {
    /// API group; empty for the core group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Kind.
    pub kind: String,
}

/// Group, version and resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupVersionResource {
    /// API group; empty for the core group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Plural resource name.
    pub resource: String,
}

/// The user who makes a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// User name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// User id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Groups, in the order in which they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// Values that the authenticator adds to the user, by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<BTreeMap<String, Vec<String>>>,
}
