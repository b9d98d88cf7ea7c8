//! Cases about requests, on Chainloop: the object is a material, the settings are args.

use admit::wire::chainloop::object_name;
use serde_json::{Map, Value};

use super::{AdmissionSubject, CaseHost, Source, Verdict};
use crate::{
    CompiledPolicy, RunOptions,
    admission::Mode,
    chainloop::{Evaluation, Kind, Material},
    outcome::{Failure, Trace},
    request::{AdmissionRequest, DEFAULT_USER, Request},
};

/// The SDK's prefix of errors about args.
const INVALID: &str = "the args are invalid: ";

/// The outcome of an admission policy on a material.
#[derive(Clone)]
pub(super) struct Bridged {
    pub(super) verdict: Verdict,
    /// Why there is no answer.
    pub(super) failure: Option<Failure>,
    message: Option<String>,
    pub(super) trace: Trace,
}

impl Bridged {
    /// What the user is told, or why there is no answer.
    pub(super) fn text(&self) -> Option<String> {
        match &self.failure {
            Some(failure) if self.verdict == Verdict::Error => Some(failure.to_string()),
            _ => self.message.clone(),
        }
    }
}

/// Whether the case can run on Chainloop, where a material is an object to be created, by the default user.
pub(super) fn can_ask(subject: &AdmissionSubject, host: &CaseHost) -> bool {
    let asked = match &subject.request {
        Request::Kubernetes(request) => is_creation(request),
        Request::Raw(raw) => raw.is_object() || raw.is_array(),
    };
    let enforcement = &subject.enforcement;
    let expect = &subject.expect;
    asked
        && !subject.audit
        && enforcement.mode == Mode::Protect
        && enforcement.message.is_none()
        && !expect.has_mutation()
        && expect.host_calls.as_ref().is_none_or(Vec::is_empty)
        && matches!(host.source, Source::Unnamed | Source::Common(_))
        && host.faults.is_empty()
}

fn is_creation(request: &AdmissionRequest) -> bool {
    request.operation == "CREATE"
        && request.object.as_ref().is_some_and(Value::is_object)
        && request.old_object.as_ref().is_none_or(Value::is_null)
        && request.sub_resource.as_ref().is_none_or(String::is_empty)
        && request.dry_run != Some(true)
        && request.user_info.username.as_deref() == Some(DEFAULT_USER)
}

/// Asks the policy.
pub(super) fn ask(subject: &AdmissionSubject, policy: &CompiledPolicy, options: &RunOptions) -> Bridged {
    let (document, name) = match &subject.request {
        Request::Kubernetes(request) => {
            let metadata = |key| request.object.as_ref()?.get("metadata")?.get(key)?.as_str();
            let name = object_name(&request.kind.kind, metadata("namespace"), metadata("name"));
            (request.object.clone().unwrap_or_default(), name)
        }
        Request::Raw(raw) => (raw.clone(), String::new()),
    };
    let input = Material::bytes(Kind::Evidence, "object.json", document.to_string().into_bytes())
        .and_then(Material::into_input)
        .expect("a JSON object is a material");
    let execution = policy.execute(input, args(&subject.settings).as_deref(), options);
    let (verdict, failure, message) = match execution.result {
        Ok(executed) => said(&executed.output, &name),
        Err(Failure::Guest(text)) => {
            let text = text.strip_prefix(&name).unwrap_or(&text);
            match text.strip_prefix(INVALID) {
                Some(invalid) => (Verdict::InvalidSettings, None, Some(invalid.to_owned())),
                None => (Verdict::Error, Some(Failure::Guest(text.to_owned())), None),
            }
        }
        Err(failure) => (Verdict::Error, Some(failure), None),
    };
    Bridged { verdict, failure, message, trace: execution.trace }
}

/// The verdict, failure and message for an output, as for an admission response.
fn said(output: &[u8], name: &str) -> (Verdict, Option<Failure>, Option<String>) {
    let evaluation = match Evaluation::parse("policy", output) {
        Ok(evaluation) => evaluation,
        Err(error) => return (Verdict::Error, Some(Failure::Protocol(error.to_string())), None),
    };
    if evaluation.ignore {
        return (Verdict::Ignore, None, None);
    }
    if evaluation.violations.is_empty() {
        return match evaluation.skipped {
            true => (Verdict::Skip, None, Some(evaluation.skip_reason)),
            false => (Verdict::Accept, None, None),
        };
    }
    let texts = evaluation.violations.iter().map(|violation| {
        let text = violation.message.as_str();
        text.strip_prefix(name).unwrap_or(text)
    });
    (Verdict::Reject, None, Some(texts.collect::<Vec<_>>().join("; ")))
}

/// Settings as args: strings and arrays of strings. Empty values are left out, as in Chainloop.
fn args(settings: &Map<String, Value>) -> Option<String> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    };
    let arg = |value: &Value| {
        let mut texts: Vec<String> = match value {
            Value::Array(items) => items.iter().filter_map(text).collect(),
            other => text(other).into_iter().collect(),
        };
        match texts.len() {
            0 => None,
            1 => texts.pop().map(Value::String),
            _ => Some(Value::from(texts)),
        }
    };
    let args: Map<String, Value> =
        settings.iter().filter_map(|(key, value)| Some((key.clone(), arg(value)?))).collect();
    (!args.is_empty()).then(|| Value::Object(args).to_string())
}
