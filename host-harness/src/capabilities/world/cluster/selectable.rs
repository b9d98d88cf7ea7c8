//! Which fields of which kind a field selector can look at.

use serde_json::Value;

use super::kinds::Kind;
use super::objects::at;

/// A field, and its value for objects that do not have it.
type Field = (&'static str, &'static str);

/// Group, kind, fields besides name and namespace.
#[rustfmt::skip]
const FIELDS: &[(&str, &str, &[Field])] = &[
    ("", "Event", &[
        ("involvedObject.apiVersion", ""), ("involvedObject.fieldPath", ""), ("involvedObject.kind", ""),
        ("involvedObject.name", ""), ("involvedObject.namespace", ""), ("involvedObject.resourceVersion", ""),
        ("involvedObject.uid", ""), ("reason", ""), ("reportingComponent", ""), ("source", ""), ("type", ""),
    ]),
    ("", "Namespace", &[("status.phase", "Active")]),
    ("", "Node", &[("spec.unschedulable", "false")]),
    ("", "Pod", &[
        ("spec.hostNetwork", "false"), ("spec.nodeName", ""), ("spec.restartPolicy", "Always"),
        ("spec.schedulerName", "default-scheduler"), ("spec.serviceAccountName", "default"),
        ("status.nominatedNodeName", ""), ("status.phase", "Pending"), ("status.podIP", ""),
    ]),
    ("", "ReplicationController", &[("status.replicas", "0")]),
    ("", "Secret", &[("type", "Opaque")]),
    ("", "Service", &[("spec.clusterIP", ""), ("spec.type", "ClusterIP")]),
    ("apps", "ReplicaSet", &[("status.replicas", "0")]),
    ("batch", "Job", &[("status.successful", "0")]),
    ("certificates.k8s.io", "CertificateSigningRequest", &[("spec.signerName", "")]),
    ("certificates.k8s.io", "ClusterTrustBundle", &[("spec.signerName", "")]),
    ("certificates.k8s.io", "PodCertificateRequest", &[("spec.nodeName", ""), ("spec.signerName", "")]),
    ("resource.k8s.io", "ResourceSlice", &[("spec.driver", ""), ("spec.nodeName", "")]),
];

fn fields(group: &str, kind: &str) -> &'static [Field] {
    FIELDS.iter().find(|(g, k, _)| *g == group && *k == kind).map_or(&[], |(_, _, fields)| fields)
}

/// Why a path cannot be selected by, in the API server's words.
pub(super) fn check(path: &str, group: &str, kind: &str, served: &Kind) -> Result<(), String> {
    let own = fields(group, kind);
    let known = ["metadata.name", "metadata.namespace"].contains(&path)
        || own.iter().any(|(field, _)| *field == path)
        || served.selectable.iter().any(|field| field == path);
    match known {
        true => Ok(()),
        false if own.is_empty() && served.selectable.is_empty() => {
            Err(format!("{path:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""))
        }
        false => Err(format!("field label not supported: {path}")),
    }
}

/// The text that a selector compares with.
pub(super) fn text(object: &Value, path: &str, group: &str, kind: &str) -> String {
    let value = match (kind, path) {
        ("Event", "source") => at(object, "source.component").or_else(|| object.get("reportingComponent")),
        // The field from which an API server computes it.
        ("Job", "status.successful") => at(object, "status.succeeded"),
        _ => at(object, path),
    };
    match value {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => {
            let field = fields(group, kind).iter().find(|(field, _)| *field == path);
            field.map_or(String::new(), |(_, missing)| (*missing).to_owned())
        }
    }
}
