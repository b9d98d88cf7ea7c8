//! Kinds that hold a pod spec, and the same pod spec in another of them.

use serde_json::{Map, Value, json};

use super::Shape;
use crate::request::{GroupVersionKind, GroupVersionResource};

/// A kind that holds a pod spec.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Workload {
    pub(super) shape: Shape,
    group: &'static str,
    kind: &'static str,
    resource: &'static str,
    /// Where the pod is, a template but in a Pod, which is the object itself.
    pod: &'static str,
}

const TEMPLATE: &str = "/spec/template";

pub(super) const POD: Workload = Workload { shape: Shape::Pod, group: "", kind: "Pod", resource: "pods", pod: "" };

/// All of them.
pub(super) const WORKLOADS: [Workload; 8] = [
    POD,
    of_apps(Shape::Deployment, "Deployment", "deployments"),
    of_apps(Shape::ReplicaSet, "ReplicaSet", "replicasets"),
    of_apps(Shape::StatefulSet, "StatefulSet", "statefulsets"),
    of_apps(Shape::DaemonSet, "DaemonSet", "daemonsets"),
    Workload { shape: Shape::Job, group: "batch", kind: "Job", resource: "jobs", pod: TEMPLATE },
    Workload {
        shape: Shape::CronJob,
        group: "batch",
        kind: "CronJob",
        resource: "cronjobs",
        pod: "/spec/jobTemplate/spec/template",
    },
    Workload {
        shape: Shape::ReplicationController,
        group: "",
        kind: "ReplicationController",
        resource: "replicationcontrollers",
        pod: TEMPLATE,
    },
];

const fn of_apps(shape: Shape, kind: &'static str, resource: &'static str) -> Workload {
    Workload { shape, group: "apps", kind, resource, pod: TEMPLATE }
}

/// An object that holds a pod spec, taken apart.
pub(super) struct Parts {
    /// What names the object.
    name: Map<String, Value>,
    /// Labels and annotations of the object.
    own: Map<String, Value>,
    /// Those of its pods.
    of_pods: Map<String, Value>,
    spec: Map<String, Value>,
}

impl Workload {
    /// The one with this kind.
    pub(super) fn of(kind: &GroupVersionKind) -> Option<&'static Self> {
        WORKLOADS.iter().find(|workload| workload.group == kind.group && workload.kind == kind.kind)
    }

    pub(super) fn kind(&self) -> GroupVersionKind {
        GroupVersionKind { group: self.group.to_owned(), version: "v1".to_owned(), kind: self.kind.to_owned() }
    }

    pub(super) fn resource(&self) -> GroupVersionResource {
        let (group, resource) = (self.group.to_owned(), self.resource.to_owned());
        GroupVersionResource { group, version: "v1".to_owned(), resource }
    }

    /// The pod spec in `object`.
    pub(super) fn spec<'o>(&self, object: &'o Value) -> Option<&'o Map<String, Value>> {
        object.pointer(self.pod)?.get("spec")?.as_object()
    }

    /// `object` with another pod spec.
    pub(super) fn with_spec(&self, object: &Value, spec: Map<String, Value>) -> Value {
        let mut object = object.clone();
        if let Some(old) = object.pointer_mut(self.pod).and_then(|pod| pod.get_mut("spec")) {
            *old = Value::Object(spec);
        }
        object
    }

    pub(super) fn parts(&self, object: &Value) -> Option<Parts> {
        let take = |of: &Value, keys: [&str; 2]| {
            let metadata = of.get("metadata").and_then(Value::as_object);
            let given = metadata.into_iter().flatten().filter(|(key, _)| keys.contains(&key.as_str()));
            given.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>()
        };
        Some(Parts {
            name: take(object, ["name", "namespace"]),
            own: take(object, ["labels", "annotations"]),
            of_pods: take(object.pointer(self.pod)?, ["labels", "annotations"]),
            spec: self.spec(object)?.clone(),
        })
    }

    /// Of what its pods have to say about restarts; the fields that a template may not have are gone.
    pub(super) fn as_template(&self, spec: &mut Map<String, Value>) {
        let restarts = spec.get("restartPolicy").and_then(Value::as_str).unwrap_or("Always");
        match self.shape {
            Shape::Pod => return,
            Shape::Job | Shape::CronJob if restarts == "Always" => {
                spec.insert("restartPolicy".to_owned(), "Never".into());
            }
            Shape::Job | Shape::CronJob => {}
            _ if restarts == "Always" => {}
            _ => {
                spec.remove("restartPolicy");
            }
        }
        spec.remove("ephemeralContainers");
    }

    /// An object of this kind with the same pods.
    pub(super) fn wrap(&self, parts: &Parts) -> Value {
        let Parts { name, own, of_pods, spec } = parts;
        let mut spec = spec.clone();
        self.as_template(&mut spec);
        let kind = self.kind();
        let api_version = if kind.group.is_empty() { "v1".to_owned() } else { format!("{}/v1", kind.group) };
        let object = |metadata: &Map<String, Value>, spec: Value| {
            let metadata: Map<_, _> = name.clone().into_iter().chain(metadata.clone()).collect();
            json!({ "apiVersion": api_version, "kind": kind.kind, "metadata": metadata, "spec": spec })
        };
        if self.shape == Shape::Pod {
            return object(of_pods, spec.into());
        }
        let mut of_pods = of_pods.clone();
        let labels = of_pods.entry("labels").or_insert(Value::Null);
        if labels.as_object().is_none_or(Map::is_empty) {
            *labels = json!({ "app": name.get("name").cloned().unwrap_or_default() });
        }
        let labels = labels.clone();
        let template = json!({ "metadata": of_pods, "spec": spec });
        let spec = match self.shape {
            Shape::CronJob => {
                json!({ "schedule": "0 3 * * *", "jobTemplate": { "spec": { "template": template } } })
            }
            Shape::Job => json!({ "template": template }),
            Shape::ReplicationController => json!({ "selector": labels, "template": template }),
            Shape::StatefulSet => {
                let name = name.get("name").cloned().unwrap_or_default();
                json!({ "serviceName": name, "selector": { "matchLabels": labels }, "template": template })
            }
            _ => json!({ "selector": { "matchLabels": labels }, "template": template }),
        };
        object(own, spec)
    }
}
