//! What holds for every policy that mutates, whatever it is about: the laws of mutations.
//!
//! They are checked for each case that is as expected, on Kubewarden's ABIs: Chainloop mutates nothing. What a law asks the policy, it asks
//! with the settings, the grants and the answers of the case.

mod canary;
mod law;
mod owned;

use serde_json::Value;

use super::{AdmissionSubject, Case, Difference, Subject, Verdict, compare::difference, ended::Ended};
use crate::{
    CompiledPolicy, Platform, RunOptions,
    input::as_sent,
    outcome::{EvaluationOutcome, Failure},
    request::{AdmissionRequest, Request},
};
use canary::Canaries;
pub use law::Law;

/// As many changes as a person reads.
const MAX_SHOWN: usize = 5;

/// As many operations of a patch as are applied to see what they make.
const MAX_APPLIED: usize = 10_000;

/// The laws that the policy's own answer, which enforcement has not seen, breaks.
pub(super) fn broken(case: &Case, answer: &Ended, policy: &CompiledPolicy, options: &RunOptions) -> Vec<Difference> {
    let (Some(subject), Ended::Request(outcome)) = (case.admission(), answer) else { return Vec::new() };
    if subject.audit || policy.abi().platform() != Platform::Kubewarden {
        return Vec::new();
    }
    let check = Check { case, subject, policy, options };
    let found = check.all(outcome).into_iter().filter(|(law, _)| case.waived.law(*law).is_none());
    found.map(|(law, told)| told.about(law)).collect()
}

/// What was expected, and what there was.
struct Told {
    expected: &'static str,
    actual: String,
}

impl Told {
    fn about(self, law: Law) -> Difference {
        difference(&format!("law {law}"), self.expected, self.actual)
    }
}

struct Check<'c> {
    case: &'c Case,
    subject: &'c AdmissionSubject,
    policy: &'c CompiledPolicy,
    options: &'c RunOptions,
}

type Broken = Option<(Law, Told)>;

impl Check<'_> {
    fn all(&self, outcome: &EvaluationOutcome) -> Vec<(Law, Told)> {
        let Ok(answer) = &outcome.result else { return Vec::new() };
        if !answer.accepted {
            return rejection(outcome).into_iter().collect();
        }
        let (Some(mutated), Some(before)) = (mutation(outcome), self.subject.request.base()) else {
            return Vec::new();
        };
        let laws = [
            self.declared(),
            patched(before, mutated, outcome),
            owned::changed(before, mutated).map(|told| (Law::LeavesServerFields, told)),
            self.again(mutated),
            self.canaries(before, outcome),
            self.deletion(),
        ];
        laws.into_iter().flatten().collect()
    }

    /// Asks the policy another question; `None` when nothing is known of its answer, because the case has too little for it.
    fn ask(&self, request: Request) -> Option<Ended> {
        let subject = AdmissionSubject { request, ..self.subject.clone() };
        let case = Case { subject: Subject::Admission(Box::new(subject)), ..self.case.clone() };
        let host = case.host.start(self.policy.metadata(), self.options);
        let ended = case.ask(self.policy, &host.options);
        (!ended.failure().is_some_and(Failure::is_of_the_host)).then_some(ended)
    }

    fn declared(&self) -> Broken {
        let declares = self.policy.metadata()?.mutating;
        (!declares).then(|| {
            let actual = "`mutating: false`, so a cluster lets it change nothing; write `mutating: true`".to_owned();
            (Law::DeclaresMutating, Told { expected: "a policy that mutates says so in its metadata", actual })
        })
    }

    /// Asks about what the policy made of the object.
    fn again(&self, mutated: &Value) -> Broken {
        let ended = self.ask(with_object(&self.subject.request, mutated.clone()))?;
        let (verdict, text) = ended.verdict();
        if verdict != Verdict::Accept {
            let told = told_verdict(verdict, text);
            let expected = "the policy accepts the object that it made";
            return Some((Law::AcceptsItsOwn, Told { expected, actual: told }));
        }
        let Ended::Request(outcome) = &ended else { return None };
        let changes = mutation(outcome).map(|again| changes(mutated, again))?;
        let expected = "no further change to the object that the policy made";
        Some((Law::TwiceIsOnce, Told { expected, actual: listed(&changes) }))
    }

    /// Asks about an object with fields that no policy knows.
    fn canaries(&self, before: &Value, outcome: &EvaluationOutcome) -> Broken {
        let Request::Kubernetes(_) = &self.subject.request else { return None };
        let (canaries, object) = Canaries::put_into(before);
        let ended = self.ask(with_object(&self.subject.request, object.clone()))?;
        let broken = |expected, actual| Some((Law::KeepsUnknownFields, Told { expected, actual }));
        let answer = match &ended {
            Ended::Request(EvaluationOutcome { result: Ok(answer), .. }) if answer.accepted => answer,
            _ => {
                let (verdict, text) = ended.verdict();
                return broken("the same verdict with fields that it does not know", told_verdict(verdict, text));
            }
        };
        let Some(after) = &answer.mutated_object else {
            return broken("the same mutation with fields that it does not know", "no mutation".to_owned());
        };
        let removed = outcome.patch.as_ref().map(canary::taken).unwrap_or_default();
        let lost = canaries.lost(after, &removed);
        if !lost.is_empty() {
            return broken("every field that the policy does not know stays", format!("lost: {}", listed(&lost)));
        }
        owned::changed(&object, after).map(|told| (Law::LeavesServerFields, told))
    }

    /// Asks about the end of the object.
    fn deletion(&self) -> Broken {
        let Request::Kubernetes(request) = &self.subject.request else { return None };
        let Some(Ended::Request(outcome)) = self.ask(deletion(request)?) else { return None };
        let mutated = outcome.result.as_ref().ok()?.mutated_object.as_ref()?;
        let actual = format!("a mutation to {}", short(mutated));
        Some((Law::NoMutationOnDelete, Told { expected: "no mutation on DELETE, which has no object", actual }))
    }
}

fn rejection(outcome: &EvaluationOutcome) -> Broken {
    let mutated = outcome.result.as_ref().ok()?.mutated_object.as_ref()?;
    let actual = format!("a rejection with the mutation to {}", short(mutated));
    Some((Law::NoPatchWithRejection, Told { expected: "a rejection without a mutation", actual }))
}

/// The patch that a cluster applies, against the object that the policy answered.
fn patched(before: &Value, mutated: &Value, outcome: &EvaluationOutcome) -> Broken {
    // Each operation on a list can move all that follows.
    let patch = outcome.patch.as_ref().filter(|patch| patch.0.len() <= MAX_APPLIED)?;
    let mut after = before.clone();
    let expected = "the patch makes the policy's object of the one that came in";
    let broken = |actual| Some((Law::PatchGivesObject, Told { expected, actual }));
    match json_patch::patch(&mut after, patch) {
        Err(error) => broken(format!("it cannot be applied: {error}")),
        Ok(()) if as_sent(&after) != as_sent(mutated) => broken(listed(&changes(mutated, &after))),
        Ok(()) => None,
    }
}

/// What the policy made of the object, if that is another one.
fn mutation(outcome: &EvaluationOutcome) -> Option<&Value> {
    outcome.patch.as_ref().filter(|patch| !patch.0.is_empty())?;
    outcome.result.as_ref().ok()?.mutated_object.as_ref()
}

fn with_object(request: &Request, object: Value) -> Request {
    match request {
        Request::Kubernetes(request) => {
            Request::Kubernetes(Box::new(AdmissionRequest { object: Some(object), ..(**request).clone() }))
        }
        Request::Raw(_) => Request::Raw(object),
    }
}

/// The request to delete what this one is about.
fn deletion(request: &AdmissionRequest) -> Option<Request> {
    let options = serde_json::json!({ "apiVersion": "meta.k8s.io/v1", "kind": "DeleteOptions" });
    let old_object = Some(request.object.clone()?);
    let operation = "DELETE".to_owned();
    let (object, options) = (None, Some(options));
    Some(Request::Kubernetes(Box::new(AdmissionRequest { operation, object, old_object, options, ..request.clone() })))
}

fn told_verdict(verdict: Verdict, text: Option<String>) -> String {
    text.map_or(verdict.to_string(), |text| format!("{verdict}: {text}"))
}

/// The operations that make `after` of `before`, as people read them.
fn changes(before: &Value, after: &Value) -> Vec<String> {
    use json_patch::PatchOperation::{Add, Remove, Replace};
    let patch = json_patch::diff(&as_sent(before), &as_sent(after));
    let told = patch.0.iter().map(|operation| match operation {
        Add(add) => format!("add {} {}", add.path, short(&add.value)),
        Remove(remove) => format!("remove {}", remove.path),
        Replace(replace) => format!("replace {} with {}", replace.path, short(&replace.value)),
        other => other.to_string(),
    });
    told.collect()
}

/// The first ones, and how many more there are.
fn listed(changes: &[String]) -> String {
    let shown = changes.iter().take(MAX_SHOWN).map(|change| cut(change, MAX_CHANGE)).collect::<Vec<_>>().join(", ");
    match changes.len().saturating_sub(MAX_SHOWN) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}

/// The longest change that is told, in characters: a key can be as long as a document.
const MAX_CHANGE: usize = 300;

/// The start of a document.
fn short(value: &Value) -> String {
    cut(&value.to_string(), 60)
}

fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
