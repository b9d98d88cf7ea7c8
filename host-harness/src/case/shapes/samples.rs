//! What the suite itself shows to be accepted: containers and objects of its cases.

use serde_json::{Map, Value, json};

use super::{
    asker::Base,
    containers::{HARMLESS, List, minimal},
    workload::Workload,
};
use crate::{
    case::{AdmissionSubject, Case, Verdict},
    request::Request,
};

/// As many of each kind are tried.
const MAX_TRIED: usize = 3;

/// An object of a case that is accepted.
pub(super) struct Sample<'c> {
    settings: &'c Map<String, Value>,
    base: Base<'c>,
}

/// Those of all cases.
pub(super) fn of(cases: &[Case]) -> Vec<Sample<'_>> {
    cases.iter().filter_map(Sample::of).collect()
}

impl<'c> Sample<'c> {
    fn of(case: &'c Case) -> Option<Self> {
        let subject = case.admission().filter(|subject| subject.expect.verdict == Verdict::Accept)?;
        let Request::Kubernetes(request) = &subject.request else { return None };
        Some(Self { settings: &subject.settings, base: Base::of(request)? })
    }
}

/// Those with the same settings first, which is where the policy most likely says the same.
fn nearest<'s, 'c>(samples: &'s [Sample<'c>], subject: &AdmissionSubject) -> impl Iterator<Item = &'s Sample<'c>> {
    let (same, others): (Vec<_>, Vec<_>) = samples.iter().partition(|sample| *sample.settings == subject.settings);
    same.into_iter().chain(others)
}

/// Containers that may be harmless, the smallest ones first. None of these is until the policy says so.
pub(super) fn containers(samples: &[Sample<'_>], base: &Base<'_>, subject: &AdmissionSubject) -> Vec<Value> {
    let own = List::ALL.into_iter().flat_map(|list| list.of(base.spec));
    let of_others: Vec<Value> =
        nearest(samples, subject).flat_map(|sample| List::Regular.of(sample.base.spec)).collect();
    let pause = json!({ "name": HARMLESS, "image": "registry.k8s.io/pause:3.10" });
    let mut tried = Vec::new();
    let mut add = |candidates: &mut dyn Iterator<Item = Value>| {
        let full = tried.len() + MAX_TRIED;
        for candidate in candidates {
            if tried.len() < full && !tried.contains(&candidate) {
                tried.push(candidate);
            }
        }
    };
    add(&mut own.filter_map(|container| minimal(&container)));
    add(&mut of_others.iter().filter_map(minimal));
    add(&mut std::iter::once(pause));
    add(&mut of_others.iter().cloned());
    tried
}

/// Objects of the same kind with the name of this one.
pub(super) fn objects<'s>(
    samples: &'s [Sample<'_>],
    base: &'s Base<'_>,
    subject: &AdmissionSubject,
) -> impl Iterator<Item = Value> + 's {
    let same_kind =
        nearest(samples, subject).filter(|sample| std::ptr::eq::<Workload>(sample.base.workload, base.workload));
    let same_kind: Vec<_> = same_kind.collect();
    let renamed = |sample: &Sample<'_>| {
        let mut object = sample.base.object.clone();
        let metadata = object.get_mut("metadata").and_then(Value::as_object_mut);
        if let (Some(metadata), Some(own)) = (metadata, base.object.get("metadata").and_then(Value::as_object)) {
            for key in ["name", "namespace"] {
                match own.get(key) {
                    Some(value) => metadata.insert(key.to_owned(), value.clone()),
                    None => metadata.remove(key),
                };
            }
        }
        object
    };
    same_kind.into_iter().take(MAX_TRIED).map(renamed)
}
