//! From a plain object to the request that the API server would send.

use std::{fmt, str::FromStr};

use serde_json::{Value, json};

use super::{AdmissionRequest, GroupVersionKind, GroupVersionResource, UserInfo, resources};
use crate::input::{Cursor, InputError};

/// The default user of requests.
pub(crate) const DEFAULT_USER: &str = "kubernetes-admin";

/// The uid of every request that is made from a plain object, so that outcomes can be compared.
pub const MADE_UID: &str = "00000000-0000-4000-8000-000000000000";

/// The operation of a request that is made from a plain object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operation {
    /// The object is new.
    #[default]
    Create,
    /// The object replaces a stored one.
    Update,
    /// The stored object is deleted.
    Delete,
    /// A connection to the object (`exec`, `proxy`, ...); the object holds the options of the connection.
    Connect,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
        })
    }
}

/// A word that is no [`Operation`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an operation; use CREATE, UPDATE, DELETE or CONNECT")]
pub struct UnknownOperation(String);

impl FromStr for Operation {
    type Err = UnknownOperation;

    /// Upper and lower case are the same.
    fn from_str(text: &str) -> Result<Self, UnknownOperation> {
        match text.to_ascii_uppercase().as_str() {
            "CREATE" => Ok(Self::Create),
            "UPDATE" => Ok(Self::Update),
            "DELETE" => Ok(Self::Delete),
            "CONNECT" => Ok(Self::Connect),
            _ => Err(UnknownOperation(text.to_owned())),
        }
    }
}

/// How a document becomes a request.
///
/// Everything but `raw` is about plain objects; given together with an AdmissionReview or AdmissionRequest it is an error,
/// because those already say it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestOptions {
    /// Send the document as it is, whatever it is (for raw policies).
    pub raw: bool,
    /// The operation; CREATE when absent.
    pub operation: Option<Operation>,
    /// The stored object, for UPDATE.
    pub old_object: Option<Value>,
    /// Name of the user; `kubernetes-admin` when absent.
    pub user: Option<String>,
    /// Groups of the user; `system:masters` and `system:authenticated` when neither user nor groups are given.
    pub groups: Option<Vec<String>>,
    /// Name, for an object that has none of its own.
    pub name: Option<String>,
    /// Namespace, for an object that names none of its own; empty for none.
    pub namespace: Option<String>,
    /// Subresource, for example `ephemeralcontainers`.
    pub sub_resource: Option<String>,
    /// Whether the request is a dry run: nothing will be stored. False when absent.
    pub dry_run: Option<bool>,
}

impl RequestOptions {
    /// The first option that only makes sense for a plain object.
    pub(super) fn about_objects(&self) -> Option<&'static str> {
        let given = [
            (self.operation.is_some(), "operation"),
            (self.old_object.is_some(), "old object"),
            (self.user.is_some(), "user"),
            (self.groups.is_some(), "group"),
            (self.name.is_some(), "name"),
            (self.namespace.is_some(), "namespace"),
            (self.sub_resource.is_some(), "subresource"),
            (self.dry_run.is_some(), "dry run"),
        ];
        given.iter().find(|(given, _)| *given).map(|(_, what)| *what)
    }
}

/// Makes the request for `object`, and says in `notes` what had to be guessed.
pub(crate) fn made_from(
    object: &Cursor<'_>,
    options: &RequestOptions,
    notes: &mut Vec<String>,
) -> Result<AdmissionRequest, InputError> {
    let kind = kind_of(object)?;
    let operation = options.operation.unwrap_or_default();
    let served = resources::served(&kind.group, &kind.kind);
    let metadata = object.optional("metadata")?;
    let text = |key| match &metadata {
        Some(metadata) => metadata.optional(key)?.map(|c| c.string().map(str::to_owned)).transpose(),
        None => Ok(None),
    };
    let own = |key: &'static str, given: Option<&String>| match (given, text(key)?) {
        (Some(given), Some(own)) if *given != own => Err(object.error(format!(
            "its metadata.{key} is `{own}`, and `{given}` was asked for: an API server refuses that; give one of them"
        ))),
        (given, own) => Ok(given.cloned().or(own)),
    };
    let name = own("name", options.name.as_ref())?;
    let namespace = match own("namespace", options.namespace.as_ref())? {
        Some(namespace) => Some(namespace).filter(|namespace| !namespace.is_empty()),
        // The API server reports a Namespace as living in itself.
        None if kind.group.is_empty() && kind.kind == "Namespace" => name.clone(),
        None => served.namespaced.then(|| "default".to_owned()),
    };
    if served.guessed {
        notes.push(format!(
            "{} of group `{}` is not a built-in kind: assumed the resource name `{}`{}; write a full AdmissionRequest if \
             that is wrong",
            kind.kind,
            kind.group,
            served.resource,
            match &namespace {
                Some(namespace) => format!(" in namespace `{namespace}`"),
                None => " without a namespace".to_owned(),
            },
        ));
    }
    let (mut object, mut old_object) = objects(object, operation, options)?;
    if served.sub_resource.is_none() && kind.kind != "Namespace" {
        // The API server writes both into the object before it calls webhooks.
        for object in [&mut object, &mut old_object].into_iter().flatten() {
            complete(object, "name", name.as_deref());
            complete(object, "namespace", namespace.as_deref());
        }
    }
    let sub_resource = options.sub_resource.clone().or(served.sub_resource.map(str::to_owned));
    let resource =
        GroupVersionResource { group: kind.group.clone(), version: kind.version.clone(), resource: served.resource };
    // The body of a subresource can have a group of its own (an Eviction is sent to `pods`, which is in the core group).
    let resource = match served.sub_resource {
        Some(_) => GroupVersionResource { group: String::new(), version: "v1".to_owned(), ..resource },
        None => resource,
    };
    Ok(AdmissionRequest {
        uid: MADE_UID.to_owned(),
        request_kind: Some(kind.clone()),
        kind,
        request_resource: Some(resource.clone()),
        resource,
        request_sub_resource: sub_resource.clone(),
        sub_resource,
        name,
        namespace,
        operation: operation.to_string(),
        user_info: user(options),
        object,
        old_object,
        dry_run: Some(options.dry_run.unwrap_or(false)),
        options: operation_options(operation),
    })
}

/// Writes `metadata.<key>` where it is missing.
fn complete(object: &mut Value, key: &str, value: Option<&str>) {
    let (Some(value), Some(object)) = (value, object.as_object_mut()) else { return };
    let metadata = object.entry("metadata").or_insert(Value::Null);
    if metadata.is_null() {
        *metadata = json!({});
    }
    if let Some(field) = metadata.as_object_mut().map(|metadata| metadata.entry(key).or_insert(Value::Null))
        && field.is_null()
    {
        *field = json!(value);
    }
}

/// Checks the parts of an object without which the API server would not have stored it.
pub(super) fn check_object(object: &Cursor<'_>) -> Result<(), InputError> {
    kind_of(object)?;
    let Some(metadata) = object.optional("metadata")? else { return Ok(()) };
    for key in ["name", "namespace"] {
        metadata.optional(key)?.map(|text| text.string()).transpose()?;
    }
    Ok(())
}

fn kind_of(object: &Cursor<'_>) -> Result<GroupVersionKind, InputError> {
    let why = "a Kubernetes object has apiVersion and kind";
    let api_version = object.required("apiVersion", why)?;
    let kind = object.required("kind", why)?.string()?;
    let (group, version) = match api_version.string()?.split_once('/') {
        Some((group, version)) => (group, version),
        None => ("", api_version.string()?),
    };
    if version.is_empty() || version.contains('/') {
        return Err(api_version.error("must look like `v1` or `apps/v1`"));
    }
    if kind.is_empty() {
        return Err(object.error_at("kind", "must not be empty"));
    }
    if kind.ends_with("List") && object.optional("items")?.is_some_and(|items| items.value().is_array()) {
        return Err(object.error_at("items", format!("a {kind} holds several objects; an admission request has one")));
    }
    Ok(GroupVersionKind { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() })
}

/// The fields `object` and `oldObject` of a request.
fn objects(
    object: &Cursor<'_>,
    operation: Operation,
    options: &RequestOptions,
) -> Result<(Option<Value>, Option<Value>), InputError> {
    let new = object.value().clone();
    match (operation, options.old_object.clone()) {
        (Operation::Update, Some(old)) => Ok((Some(new), Some(old))),
        (Operation::Update, None) => Err(object.error(
            "an UPDATE also needs the object as it is stored: give it with `--old-object FILE` (in a case: `old_object`)",
        )),
        (Operation::Delete, None) => Ok((None, Some(new))),
        (Operation::Delete, Some(_)) => {
            Err(object.error("a DELETE has one object, the stored one; leave out the object or the old object"))
        }
        (Operation::Create | Operation::Connect, None) => Ok((Some(new), None)),
        (Operation::Create | Operation::Connect, Some(_)) => {
            Err(object.error(format!("a {operation} has no old object; did you mean operation UPDATE?")))
        }
    }
}

fn user(options: &RequestOptions) -> UserInfo {
    let groups = match (&options.groups, &options.user) {
        (Some(groups), _) => groups.clone(),
        // A user that is given is not an administrator, unless the groups say so.
        (None, Some(_)) => vec!["system:authenticated".to_owned()],
        (None, None) => vec!["system:masters".to_owned(), "system:authenticated".to_owned()],
    };
    let username = options.user.clone().unwrap_or_else(|| DEFAULT_USER.to_owned());
    UserInfo { username: Some(username), uid: None, groups: Some(groups), extra: None }
}

fn operation_options(operation: Operation) -> Option<Value> {
    let kind = match operation {
        Operation::Create => "CreateOptions",
        Operation::Update => "UpdateOptions",
        Operation::Delete => "DeleteOptions",
        Operation::Connect => return None,
    };
    Some(json!({ "apiVersion": "meta.k8s.io/v1", "kind": kind }))
}
