//! Where a violation is: in containers, elsewhere in the pod spec, or in neither, which the policy itself is asked.

use serde_json::{Map, Value, json};

use super::{
    asker::{Asker, Base},
    containers::{Filled, List, apart, with_lists},
    samples::{self, Sample},
};
use crate::case::Verdict;

/// Where it is, with what the policy accepts in place of it.
pub(super) enum Place {
    /// In containers.
    Containers(Located),
    /// In the pod spec, and not in a container: with this one the object is accepted.
    PodSpec(Map<String, Value>),
    /// In the pod spec: without any containers the object is accepted, and there is none that is known to be harmless.
    Unknown,
    /// Nothing that is known in place of the pod spec is accepted.
    Elsewhere,
}

/// A violation that is in containers.
pub(super) struct Located {
    /// With this container in place of all of them the object is accepted.
    pub(super) harmless: Value,
    /// The lists that are rejected, each by itself.
    pub(super) bad: Vec<Filled>,
}

impl Place {
    pub(super) fn of(base: &Base<'_>, asker: &Asker<'_, '_>, samples: &[Sample<'_>]) -> Self {
        let own: Vec<Value> = List::ALL.into_iter().flat_map(|list| list.of(base.spec)).collect();
        let candidates = samples::containers(samples, base, asker.subject);
        let candidates: Vec<Value> = candidates.into_iter().map(|container| apart(container, &own)).collect();
        let accepted = |spec| asker.ask(&base.with_spec(spec)).is(Verdict::Accept);
        let alone = |container: &Value| vec![(List::Regular, vec![container.clone()])];
        if let Some(harmless) = candidates.iter().find(|it| accepted(with_lists(base.spec, &alone(it)))) {
            let bad = bad(base, asker, harmless);
            return Self::Containers(Located { harmless: harmless.clone(), bad });
        }
        let minimal = candidates.iter().map(|container| with_lists(&Map::new(), &alone(container)));
        if let Some(spec) = minimal.into_iter().find(|spec| accepted(spec.clone())) {
            return Self::PodSpec(spec);
        }
        let without = with_lists(base.spec, &[]).into_iter().chain([(List::Regular.key().to_owned(), json!([]))]);
        if accepted(without.collect()) { Self::Unknown } else { Self::Elsewhere }
    }
}

/// The lists with containers that are rejected wherever they are. Where the list itself is not wanted, they are not: with the harmless
/// container in it, it is rejected as well.
fn bad(base: &Base<'_>, asker: &Asker<'_, '_>, harmless: &Value) -> Vec<Filled> {
    let rejected = |lists: &[Filled]| asker.ask(&base.with_spec(with_lists(base.spec, lists))).is(Verdict::Reject);
    let regular = (List::Regular, vec![harmless.clone()]);
    let is_bad = |(list, containers): &Filled| match list {
        List::Regular => rejected(&[(*list, containers.clone())]),
        _ => {
            let other = list.fitted(&[renamed(harmless)]);
            rejected(&[regular.clone(), (*list, containers.clone())]) && !rejected(&[regular.clone(), (*list, other)])
        }
    };
    let lists = List::ALL.into_iter().map(|list| (list, list.of(base.spec)));
    lists.filter(|(_, containers)| !containers.is_empty()).filter(is_bad).collect()
}

fn renamed(container: &Value) -> Value {
    let mut container = container.clone();
    if let Some(fields) = container.as_object_mut() {
        fields.insert("name".to_owned(), "harmless-too".into());
    }
    container
}
