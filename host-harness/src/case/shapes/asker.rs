//! Asking the policy of a case about other requests.

use serde_json::{Map, Value};

use super::workload::{POD, Workload};
use crate::{
    CompiledPolicy, RunOptions,
    case::{AdmissionSubject, Case, Subject, Verdict, ended::Ended},
    outcome::Failure,
    request::{AdmissionRequest, Request},
};

/// A case and a policy, which is asked with the settings, the grants and the answers of the case.
#[derive(Clone, Copy)]
pub(super) struct Asker<'c, 'p> {
    pub(super) case: &'c Case,
    pub(super) subject: &'c AdmissionSubject,
    pub(super) policy: &'p CompiledPolicy,
    pub(super) options: &'p RunOptions,
}

/// What came of a question.
pub(super) struct Answer {
    /// As it would be in mode protect.
    pub(super) verdict: Verdict,
    /// What the user is told, or why there is no answer.
    pub(super) text: Option<String>,
    /// The source of the case, or the machine, has too little for it, so nothing is known of the policy.
    pub(super) is_unknown: bool,
}

impl Answer {
    fn of(case: &Case, ended: Ended) -> Self {
        let ended = case.protected(ended);
        let (verdict, text) = ended.verdict();
        Self { verdict, text, is_unknown: ended.failure().is_some_and(Failure::is_of_the_host) }
    }

    pub(super) fn is(&self, verdict: Verdict) -> bool {
        !self.is_unknown && self.verdict == verdict
    }
}

impl Asker<'_, '_> {
    pub(super) fn ask(&self, request: &AdmissionRequest) -> Answer {
        let request = Request::Kubernetes(Box::new(request.clone()));
        let subject = AdmissionSubject { request, ..self.subject.clone() };
        let case = Case { subject: Subject::Admission(Box::new(subject)), ..self.case.clone() };
        let host = case.host.start(self.policy.metadata(), self.options);
        Answer::of(&case, case.ask(self.policy, &host.options))
    }

    /// The verdict of the case itself; `None` when it does not pass.
    pub(super) fn ask_case(&self) -> Option<Answer> {
        let host = self.case.host.start(self.policy.metadata(), self.options);
        let ended = self.case.ask(self.policy, &host.options);
        let passes = self.case.compare(&host, ended.clone().enforced(&self.subject.enforcement)).0.is_empty();
        passes.then(|| Answer::of(self.case, ended))
    }
}

/// The request of a case about an object that holds a pod spec.
#[derive(Clone, Copy)]
pub(super) struct Base<'c> {
    pub(super) request: &'c AdmissionRequest,
    pub(super) object: &'c Value,
    pub(super) workload: &'static Workload,
    pub(super) spec: &'c Map<String, Value>,
}

impl<'c> Base<'c> {
    /// `None` for what holds none, and for requests that store none.
    pub(super) fn of(request: &'c AdmissionRequest) -> Option<Self> {
        if !stores(request) {
            return None;
        }
        let (object, workload) = (request.object.as_ref()?, Workload::of(&request.kind)?);
        Some(Self { request, object, workload, spec: workload.spec(object)? })
    }

    /// Whether it is about ephemeral containers only.
    pub(super) fn is_of_ephemeral(&self) -> bool {
        sub_resource(self.request) == EPHEMERAL
    }

    /// The same request with another pod spec.
    pub(super) fn with_spec(&self, spec: Map<String, Value>) -> AdmissionRequest {
        let object = Some(self.workload.with_spec(self.object, spec));
        AdmissionRequest { object, ..self.request.clone() }
    }

    /// The object with another pod spec, where all of it counts: ephemeral containers come in a request that is about nothing else.
    pub(super) fn whole_with_spec(&self, spec: Map<String, Value>) -> AdmissionRequest {
        match self.is_of_ephemeral() {
            true => created(self.request, &POD, self.workload.with_spec(self.object, spec)),
            false => self.with_spec(spec),
        }
    }
}

const EPHEMERAL: &str = "ephemeralcontainers";

fn sub_resource(request: &AdmissionRequest) -> &str {
    request.sub_resource.as_deref().unwrap_or_default()
}

/// Whether an object is stored, or what a Pod has of ephemeral containers.
pub(super) fn stores(request: &AdmissionRequest) -> bool {
    ["CREATE", "UPDATE"].contains(&request.operation.as_str()) && ["", EPHEMERAL].contains(&sub_resource(request))
}

/// The request to create an object of this kind.
pub(super) fn created(like: &AdmissionRequest, workload: &Workload, object: Value) -> AdmissionRequest {
    let (kind, resource) = (workload.kind(), workload.resource());
    AdmissionRequest {
        request_kind: Some(kind.clone()),
        kind,
        request_resource: Some(resource.clone()),
        resource,
        request_sub_resource: None,
        sub_resource: None,
        operation: "CREATE".to_owned(),
        object: Some(object),
        old_object: None,
        options: options_of("CREATE"),
        ..like.clone()
    }
}

/// The request to make `object` of what is stored.
pub(super) fn updated(request: AdmissionRequest, stored: Value) -> AdmissionRequest {
    let operation = "UPDATE".to_owned();
    AdmissionRequest { options: options_of(&operation), operation, old_object: Some(stored), ..request }
}

/// The request to add the ephemeral containers that the Pod has.
pub(super) fn debugged(request: AdmissionRequest, stored: Value) -> AdmissionRequest {
    let sub_resource = Some(EPHEMERAL.to_owned());
    let name = stored.pointer("/metadata/name").and_then(Value::as_str).map(str::to_owned);
    let name = request.name.clone().or(name);
    AdmissionRequest { request_sub_resource: sub_resource.clone(), sub_resource, name, ..updated(request, stored) }
}

/// The request to delete what this one stores.
pub(super) fn deleted(request: &AdmissionRequest) -> Option<AdmissionRequest> {
    let stored = request.object.clone().filter(Value::is_object)?;
    Some(AdmissionRequest {
        operation: "DELETE".to_owned(),
        object: None,
        old_object: Some(stored),
        request_sub_resource: None,
        sub_resource: None,
        options: options_of("DELETE"),
        ..request.clone()
    })
}

fn options_of(operation: &str) -> Option<Value> {
    let kind = match operation {
        "CREATE" => "CreateOptions",
        "UPDATE" => "UpdateOptions",
        _ => "DeleteOptions",
    };
    Some(serde_json::json!({ "apiVersion": "meta.k8s.io/v1", "kind": kind }))
}

/// What is asked, in a few words.
pub(super) fn asked(request: &AdmissionRequest) -> String {
    let AdmissionRequest { operation, kind, namespace, name, sub_resource, resource, .. } = request;
    let own = |object: &Option<Value>| Some(object.as_ref()?.pointer("/metadata/name")?.as_str()?.to_owned());
    let name = name.clone().or_else(|| own(&request.object));
    let parts = [namespace.as_deref(), name.as_deref()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join("/");
    let dry = if request.dry_run == Some(true) { ", a dry run" } else { "" };
    match sub_resource.as_deref().filter(|sub| !sub.is_empty()) {
        Some(sub) => format!("{operation} of {}/{sub} {name}{dry}", resource.resource),
        None => format!("{operation} of {} {name}{dry}", kind.kind),
    }
}
