//! What is done to an object, to which part of it, and what was stored before: as somebody said it, as the kind of the object says
//! it, and otherwise a CREATE.

use serde_json::Value;

use super::{GroupVersionKind, Operation, RequestOptions, operation::operation_of, resources::SubResource};

/// What happens to an object.
pub(super) struct Action {
    pub(super) operation: Operation,
    pub(super) sub_resource: Option<String>,
    /// The object as it is stored, where there is one.
    pub(super) stored: Option<Value>,
}

impl Action {
    /// What happens to `object`, whose kind may exist only as the body of the subresource `own`.
    pub(super) fn of(
        kind: &GroupVersionKind,
        object: &Value,
        own: Option<SubResource>,
        options: &RequestOptions,
        notes: &mut Vec<String>,
    ) -> Self {
        let debugged = kind.group.is_empty() && kind.kind == "Pod" && has_ephemeral_containers(object);
        let sub_resource = match (&options.sub_resource, own) {
            (Some(given), _) => Some(given.clone()),
            (None, Some(own)) => Some(own.name.to_owned()),
            // They are added to a Pod that runs, and there is no other way to them.
            (None, None) if options.operation.is_none() && options.old_object.is_none() && debugged => {
                notes.push(
                    "a Pod gets ephemeral containers by an UPDATE of `pods/ephemeralcontainers`, so this is one; for another \
                     request, give the operation"
                        .to_owned(),
                );
                Some("ephemeralcontainers".to_owned())
            }
            (None, None) => None,
        };
        let operation = operation(sub_resource.as_deref(), options, notes);
        let implied = options.operation.is_none() && options.old_object.is_none() && operation == Operation::Update;
        let stored = match sub_resource.as_deref() {
            Some("scale") if implied && own.is_some() => Some(stored_scale(object, notes)),
            Some("ephemeralcontainers") if implied && debugged => {
                notes.push("the stored Pod is not given: assumed the same without ephemeral containers".to_owned());
                Some(without_ephemeral_containers(object))
            }
            _ => options.old_object.clone(),
        };
        Self { operation, sub_resource, stored }
    }
}

/// The operation that was asked for, else that of the subresource, else CREATE.
fn operation(sub_resource: Option<&str>, options: &RequestOptions, notes: &mut Vec<String>) -> Operation {
    let Some(sub) = sub_resource else { return options.operation.unwrap_or_default() };
    match (options.operation, operation_of(sub)) {
        (Some(given), Some(known)) if given != known => {
            notes.push(format!("no API server sends {given} for the subresource `{sub}`: it is always {known}"));
            given
        }
        (Some(given), _) => given,
        (None, Some(known)) => known,
        (None, None) => {
            notes.push(format!(
                "Kubernetes has no subresource `{sub}`: assumed a CREATE; give the operation if that is wrong"
            ));
            Operation::default()
        }
    }
}

fn has_ephemeral_containers(pod: &Value) -> bool {
    pod.pointer("/spec/ephemeralContainers").and_then(Value::as_array).is_some_and(|containers| !containers.is_empty())
}

fn without_ephemeral_containers(pod: &Value) -> Value {
    let mut stored = pod.clone();
    if let Some(spec) = stored.get_mut("spec").and_then(Value::as_object_mut) {
        spec.remove("ephemeralContainers");
    }
    stored
}

/// The Scale before its change.
fn stored_scale(scale: &Value, notes: &mut Vec<String>) -> Value {
    let mut stored = scale.clone();
    let running = scale.pointer("/status/replicas").filter(|replicas| replicas.is_u64()).cloned();
    let assumed = match &running {
        Some(replicas) => format!("the same with `replicas: {replicas}`, as in its status"),
        None => "the same".to_owned(),
    };
    notes.push(format!("a Scale is sent as an UPDATE, and the stored one is not given: assumed {assumed}"));
    if let (Some(replicas), Some(spec)) = (running, stored.get_mut("spec").and_then(Value::as_object_mut)) {
        spec.insert("replicas".to_owned(), replicas);
    }
    stored
}
