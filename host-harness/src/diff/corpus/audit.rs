//! Events of an audit log of Kubernetes, as the admission requests that they were.
//!
//! An event has what the client sent, and at the level RequestResponse what became of it. It has not the object that was stored
//! before.

use serde_json::{Value, json};

use super::Reason;
use crate::input::{Cursor, InputError};
use crate::request::{
    AdmissionRequest, GroupVersionKind, GroupVersionResource, Item, MADE_UID, Operation, ReadRequest, Request,
    RequestOptions, UserInfo, made_from, resources,
};

/// What is told of an update, once for all of them.
const SAME_OBJECT: &str = "an audit log has not the object that an update replaces: assumed the same as the new one";
const NO_OBJECT: &str = "an audit log at level Request has not the object that is deleted: asked without `oldObject`";

/// The request that an event tells of, or why there is none; `None` for what is no event.
///
/// The inner error is that of an event that is not as API servers write it.
pub(super) fn event(item: &Item<'_>) -> Option<Result<Result<ReadRequest, InputError>, Reason>> {
    item.kind().ok().filter(|kind| kind.group == "audit.k8s.io" && kind.kind == "Event")?;
    let event = Event { cursor: &item.cursor, event: item.cursor.value() };
    Some(event.kind_of_change().map(|change| event.request(change)))
}

/// What an event is about, for people: `get pods shop/web`.
pub(super) fn about(item: &Item<'_>) -> String {
    let event = Event { cursor: &item.cursor, event: item.cursor.value() };
    let named = |key| event.of_object(key);
    let mut about = event.text("verb").unwrap_or("a request").to_owned();
    for part in [named("resource"), named("subresource")].into_iter().flatten() {
        about.push_str(if about.contains(' ') { "/" } else { " " });
        about.push_str(part);
    }
    match (named("namespace"), named("name")) {
        (Some(namespace), Some(name)) => about.push_str(&format!(" {namespace}/{name}")),
        (None, Some(name)) => about.push_str(&format!(" {name}")),
        _ => {}
    }
    about
}

struct Event<'e> {
    cursor: &'e Cursor<'e>,
    event: &'e Value,
}

/// The operation, and the object that stands for it.
struct Change<'e> {
    operation: Operation,
    /// The new object; of a deletion the stored one.
    object: Option<Cursor<'e>>,
}

impl<'e> Event<'e> {
    fn text(&self, key: &str) -> Option<&'e str> {
        self.event.get(key)?.as_str()
    }

    /// A text of `objectRef`.
    fn of_object(&self, key: &str) -> Option<&'e str> {
        self.event.get("objectRef")?.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The body of the request or of the response, if it is an object of a kind.
    fn body(&self, key: &'e str) -> Option<Cursor<'e>> {
        let body = self.cursor.optional(key).ok()??;
        (body.value().get("kind").is_some() && body.value().get("apiVersion").is_some()).then_some(body)
    }

    /// What the API server answered, if it is the object.
    fn response(&self) -> Option<Cursor<'e>> {
        let response = self.body("responseObject")?;
        (response.value().get("kind").and_then(Value::as_str) != Some("Status")).then_some(response)
    }

    fn kind_of_change(&self) -> Result<Change<'e>, Reason> {
        let operation = match self.text("verb") {
            Some("create") => Operation::Create,
            Some("update" | "patch") => Operation::Update,
            Some("delete") => Operation::Delete,
            Some("deletecollection" | "connect") => return Err(Reason::AuditOther),
            _ => return Err(Reason::AuditRead),
        };
        if self.text("stage") != Some("ResponseComplete") {
            return Err(Reason::AuditStage);
        }
        let sub_resource = self.of_object("subresource").unwrap_or_default();
        if ["exec", "attach", "portforward", "proxy"].contains(&sub_resource) {
            return Err(Reason::AuditOther);
        }
        let patch = self.text("verb") == Some("patch");
        let object = match operation {
            Operation::Delete => self.response(),
            _ if patch => self.response(),
            _ => self.body("requestObject").or_else(|| self.response()),
        };
        match operation {
            _ if object.is_some() => Ok(Change { operation, object }),
            _ if matches!(self.text("level"), None | Some("None" | "Metadata")) => Err(Reason::AuditLevel),
            Operation::Delete => Ok(Change { operation, object }),
            _ if patch => Err(Reason::AuditPatch),
            _ => Err(Reason::AuditLevel),
        }
    }

    fn request(&self, change: Change<'e>) -> Result<ReadRequest, InputError> {
        let Change { operation, object } = change;
        let mut notes = Vec::new();
        let mut made = match object {
            Some(object) => {
                if operation == Operation::Update {
                    notes.push(SAME_OBJECT.to_owned());
                }
                self.about_object(operation, object)?
            }
            None => {
                notes.push(NO_OBJECT.to_owned());
                self.deletion()?
            }
        };
        self.as_it_was(&mut made)?;
        Ok(ReadRequest { request: Request::Kubernetes(Box::new(made)), notes })
    }

    fn about_object(&self, operation: Operation, object: Cursor<'e>) -> Result<AdmissionRequest, InputError> {
        let metadata = object.value().get("metadata");
        let own = |key: &str| metadata.and_then(|metadata| metadata.get(key)).is_some_and(Value::is_string);
        let given = |key: &str| self.of_object(key).filter(|_| !own(key)).map(str::to_owned);
        let options = RequestOptions {
            operation: Some(operation),
            old_object: (operation == Operation::Update).then(|| object.value().clone()),
            name: given("name"),
            // An object without a namespace, in the log, lives in none.
            namespace: given("namespace").or_else(|| (!own("namespace")).then(String::new)),
            sub_resource: self.of_object("subresource").map(str::to_owned),
            ..RequestOptions::default()
        };
        // What had to be guessed of a kind that is not built in, the event knows.
        made_from(&Item::new(object), &options, &mut Vec::new())
    }

    /// A deletion of which the object is not known.
    fn deletion(&self) -> Result<AdmissionRequest, InputError> {
        let group = self.of_object("apiGroup").unwrap_or_default();
        let resource = self.of_object("resource").unwrap_or_default();
        let built_in = resources::built_in().find(|(of, _, plural, _)| *of == group && *plural == resource);
        let Some((_, kind, ..)) = built_in else {
            return Err(self.cursor.error(format!(
                "a deletion of {resource} of the group `{group}`, which are not built in: the log does not say their kind"
            )));
        };
        let version = self.of_object("apiVersion").unwrap_or("v1").to_owned();
        let kind = GroupVersionKind { group: group.to_owned(), version, kind: kind.to_owned() };
        Ok(AdmissionRequest {
            uid: MADE_UID.to_owned(),
            request_kind: Some(kind.clone()),
            resource: GroupVersionResource { version: kind.version.clone(), ..GroupVersionResource::default() },
            kind,
            operation: Operation::Delete.to_string(),
            options: Some(json!({ "apiVersion": "meta.k8s.io/v1", "kind": "DeleteOptions" })),
            ..AdmissionRequest::default()
        })
    }

    /// Writes what the event knows into the request: resource, names, and who asked.
    fn as_it_was(&self, made: &mut AdmissionRequest) -> Result<(), InputError> {
        if let Some(resource) = self.of_object("resource") {
            let resource = GroupVersionResource {
                group: self.of_object("apiGroup").unwrap_or_default().to_owned(),
                version: self.of_object("apiVersion").unwrap_or(&made.resource.version).to_owned(),
                resource: resource.to_owned(),
            };
            made.request_resource = Some(resource.clone());
            made.resource = resource;
        }
        for (key, field) in [("name", &mut made.name), ("namespace", &mut made.namespace)] {
            if let Some(text) = self.of_object(key) {
                *field = Some(text.to_owned());
            }
        }
        let user = self.event.get("impersonatedUser").or_else(|| self.event.get("user"));
        if let Some(user) = user.filter(|user| user.is_object()) {
            made.user_info = serde_json::from_value::<UserInfo>(user.clone())
                .map_err(|error| self.cursor.error(format!("cannot read its `user`: {error}")))?;
        }
        made.dry_run = Some(self.text("requestURI").is_some_and(|uri| uri.contains("dryRun=All")));
        let options = self.body("requestObject").filter(|_| made.operation == "DELETE");
        let options = options
            .map(|options| options.value())
            .filter(|options| options.get("kind").and_then(Value::as_str) == Some("DeleteOptions"));
        if let Some(options) = options {
            made.options = Some(options.clone());
        }
        Ok(())
    }
}
