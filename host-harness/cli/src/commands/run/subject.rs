//! What is asked about.

use std::fmt;

use admit_host::request::{AdmissionRequest, Request};
use serde_json::{Value, json};

/// One request.
pub(super) struct Subject {
    /// What is sent.
    pub(super) request: Request,
    /// What an API server would send about the object, where the audit scanner asks.
    pub(super) admission: Option<Box<AdmissionRequest>>,
    /// Which one it is, from 1.
    pub(super) number: usize,
}

impl Subject {
    /// What rules are about; nothing for a raw request.
    pub(super) fn admission(&self) -> Option<&AdmissionRequest> {
        match (&self.admission, &self.request) {
            (Some(admission), _) => Some(admission),
            (None, Request::Kubernetes(request)) => Some(request),
            (None, Request::Raw(_)) => None,
        }
    }

    /// What it is about, for programs.
    pub(super) fn json(&self) -> Value {
        let Some(request) = self.admission() else { return json!({ "document": self.number }) };
        let about = request.request_kind.as_ref().unwrap_or(&request.kind);
        let api_version = match about.group.as_str() {
            "" => about.version.clone(),
            group => format!("{group}/{}", about.version),
        };
        json!({
            "apiVersion": api_version,
            "kind": about.kind,
            "namespace": request.namespace,
            "name": request.name,
            "operation": request.operation,
            "subResource": request.sub_resource,
        })
    }
}

impl fmt::Display for Subject {
    /// For example `Deployment shop/web`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(request) = self.admission() else { return write!(f, "document {}", self.number) };
        let about = request.request_kind.as_ref().unwrap_or(&request.kind);
        f.write_str(&about.kind)?;
        let name = request.name.as_deref().or_else(|| {
            let generated = request.object.as_ref()?.pointer("/metadata/generateName")?;
            generated.as_str()
        });
        match (&request.namespace, name) {
            (Some(namespace), Some(name)) if about.kind != "Namespace" => write!(f, " {namespace}/{name}"),
            (_, Some(name)) => write!(f, " {name}"),
            (_, None) => write!(f, " (number {})", self.number),
        }
    }
}
