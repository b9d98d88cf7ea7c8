//! From a plain object to the request that the API server would send.

use serde_json::{Value, json};

use super::{
    AdmissionRequest, GroupVersionResource, Operation, UserInfo,
    action::Action,
    item::Item,
    options::RequestOptions,
    resources::{self, SubResource},
};
use crate::input::{Cursor, InputError};

/// The default user of requests.
pub(crate) const DEFAULT_USER: &str = "kubernetes-admin";

/// The uid of every request that is made from a plain object, so that outcomes can be compared.
pub const MADE_UID: &str = "00000000-0000-4000-8000-000000000000";

/// Makes the request for `object`, and says in `notes` what had to be guessed.
pub(crate) fn made_from(
    item: &Item<'_>,
    options: &RequestOptions,
    notes: &mut Vec<String>,
) -> Result<AdmissionRequest, InputError> {
    let (kind, object) = (item.kind()?, &item.cursor);
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
    let new = item.value();
    let action = Action::of(&kind, &new, served.sub_resource, options, notes);
    if served.sub_resource.is_some_and(|sub| sub.name == "scale") {
        notes.push(format!(
            "a Scale does not say of what it is: assumed the Deployment `{}`; write a full AdmissionRequest for another workload",
            name.as_deref().unwrap_or_default()
        ));
    }
    let Action { operation, sub_resource, stored } = action;
    let (mut object, mut old_object) = objects(object, new, operation, stored, options)?;
    if served.sub_resource.is_none() && kind.kind != "Namespace" {
        // The API server writes both into the object before it calls webhooks.
        for object in [&mut object, &mut old_object].into_iter().flatten() {
            complete(object, "name", name.as_deref());
            complete(object, "namespace", namespace.as_deref());
        }
    }
    let (group, version) = match served.sub_resource {
        Some(SubResource { group, version, .. }) => (group.to_owned(), version.to_owned()),
        None => (kind.group.clone(), kind.version.clone()),
    };
    let resource = GroupVersionResource { group, version, resource: served.resource };
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
    Item::new(object.clone()).kind()?;
    let Some(metadata) = object.optional("metadata")? else { return Ok(()) };
    for key in ["name", "namespace"] {
        metadata.optional(key)?.map(|text| text.string()).transpose()?;
    }
    Ok(())
}

/// `object` and `oldObject`.
fn objects(
    at: &Cursor<'_>,
    new: Value,
    operation: Operation,
    old: Option<Value>,
    options: &RequestOptions,
) -> Result<(Option<Value>, Option<Value>), InputError> {
    match (operation, old) {
        (Operation::Update, Some(old)) => Ok((Some(new), Some(old))),
        (Operation::Update, None) => {
            let why = match (options.operation, &options.sub_resource) {
                (None, Some(sub)) => format!("`{sub}` is an UPDATE, which"),
                _ => "an UPDATE".to_owned(),
            };
            Err(at.error(format!(
                "{why} also needs the object as it is stored: give it with `--old-object FILE` (in a case: `old_object`)"
            )))
        }
        (Operation::Delete, None) => Ok((None, Some(new))),
        (Operation::Delete, Some(_)) => {
            Err(at.error("a DELETE has one object, the stored one; leave out the object or the old object"))
        }
        (Operation::Create | Operation::Connect, None) => Ok((Some(new), None)),
        (Operation::Create | Operation::Connect, Some(_)) => {
            Err(at.error(format!("a {operation} has no old object; did you mean operation UPDATE?")))
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
