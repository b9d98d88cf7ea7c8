//! The requests that a violation is moved to.

use serde_json::{Map, Value};

use super::{
    Shape,
    asker::{Asker, Base, created, debugged, updated},
    containers::{Filled, List, with_lists},
    locate::{Located, Place},
    samples::{self, Sample},
    workload::{POD, WORKLOADS, Workload},
};
use crate::{case::Verdict, request::AdmissionRequest};

/// A request with the violation in another place.
pub(super) struct Variant {
    pub(super) shape: Shape,
    pub(super) request: AdmissionRequest,
    /// What has to be answered in this way, or else the violation did not come along.
    pub(super) controls: Vec<(AdmissionRequest, Verdict)>,
}

/// The variants of a case, and what could not be made, with the reasons.
#[derive(Default)]
pub(super) struct Variants {
    pub(super) made: Vec<Variant>,
    pub(super) left_out: Vec<(Vec<Shape>, &'static str)>,
}

const CONTAINERS: [Shape; 3] = [Shape::InitContainers, Shape::EphemeralContainers, Shape::SecondContainer];

impl Variants {
    pub(super) fn of(base: &Base<'_>, asker: &Asker<'_, '_>, samples: &[Sample<'_>]) -> Self {
        let mut variants = Self::default();
        let place = Place::of(base, asker, samples);
        match &place {
            Place::Containers(located) if !located.bad.is_empty() => variants.move_containers(base, located),
            Place::Containers(_) => variants.leave_out(&CONTAINERS, "no list of its containers is rejected by itself"),
            Place::PodSpec(_) => {
                variants
                    .leave_out(&CONTAINERS, "it is rejected with harmless containers as well, so they are not moved");
            }
            Place::Unknown => {
                variants.leave_out(&CONTAINERS, "no container is known that the policy accepts in their place")
            }
            Place::Elsewhere => {}
        }
        match &place {
            Place::Containers(located) => variants.move_pods(base, Some(located)),
            Place::PodSpec(_) | Place::Unknown => variants.move_pods(base, None),
            Place::Elsewhere => {
                let kinds =
                    WORKLOADS.iter().map(|workload| workload.shape).filter(|shape| *shape != base.workload.shape);
                let why =
                    "it is rejected with each pod spec that was tried, so what is rejected is not in the pod spec";
                variants.leave_out(&CONTAINERS.into_iter().chain(kinds).collect::<Vec<_>>(), why);
            }
        }
        variants.update(base, asker, samples, &place);
        if base.request.dry_run != Some(true) {
            let mut request = AdmissionRequest { dry_run: Some(true), ..base.request.clone() };
            if let Some(options) = request.options.as_mut().and_then(Value::as_object_mut) {
                options.insert("dryRun".to_owned(), serde_json::json!(["All"]));
            }
            variants.push(Shape::DryRun, request, Vec::new());
        }
        variants
    }

    fn push(&mut self, shape: Shape, request: AdmissionRequest, controls: Vec<(AdmissionRequest, Verdict)>) {
        self.made.push(Variant { shape, request, controls });
    }

    fn leave_out(&mut self, shapes: &[Shape], why: &'static str) {
        self.left_out.push((shapes.to_vec(), why));
    }

    /// The other lists of containers.
    fn move_containers(&mut self, base: &Base<'_>, Located { harmless, bad }: &Located) {
        let moved: Vec<Value> = bad.iter().flat_map(|(_, containers)| containers.clone()).collect();
        let spec = |lists: &[Filled]| with_lists(base.spec, lists);
        let first = (List::Regular, vec![harmless.clone()]);
        // What a container cannot have in another list must not be what is rejected, or asked for.
        let controls = |list: List| {
            let mut controls = Vec::new();
            for (containers, verdict) in [(&moved, Verdict::Reject), (&first.1, Verdict::Accept)] {
                let fitted = list.fitted(containers);
                if fitted != *containers {
                    controls.push((base.whole_with_spec(spec(&[(List::Regular, fitted)])), verdict));
                }
            }
            controls
        };
        if bad.iter().any(|(list, _)| *list != List::Init) {
            let init = (List::Init, List::Init.fitted(&moved));
            self.push(Shape::InitContainers, base.whole_with_spec(spec(&[first.clone(), init])), controls(List::Init));
        }
        let mut second = first.1.clone();
        second.extend(List::Regular.fitted(&moved));
        let second = spec(&[(List::Regular, second)]);
        self.push(Shape::SecondContainer, base.whole_with_spec(second), Vec::new());
        let ephemeral = (List::Ephemeral, List::Ephemeral.fitted(&moved));
        let Some(parts) = base.workload.parts(base.object).filter(|_| !base.is_of_ephemeral()) else { return };
        let mut controls = controls(List::Ephemeral);
        let pod = |lists: &[Filled]| POD.with_spec(&POD.wrap(&parts), spec(lists));
        if base.workload.shape != Shape::Pod {
            // Where the policy does not look at Pods at all, that is told of the Pod.
            controls.push((created(base.request, &POD, POD.wrap(&parts)), Verdict::Reject));
        }
        let request = created(base.request, &POD, pod(&[first.clone(), ephemeral]));
        self.push(Shape::EphemeralContainers, debugged(request, pod(&[first])), controls);
    }

    /// The other kinds.
    fn move_pods(&mut self, base: &Base<'_>, located: Option<&Located>) {
        let others = || WORKLOADS.iter().filter(|other| other.shape != base.workload.shape);
        let (spec, mut control) = portable(base, located);
        let object = base.workload.with_spec(base.object, spec.clone());
        let Some(parts) = base.workload.parts(&object) else { return };
        let old = base.request.old_object.as_ref().filter(|_| !base.is_of_ephemeral());
        let old_parts = old.and_then(|old| base.workload.parts(old));
        for other in others() {
            let mut template = spec.clone();
            other.as_template(&mut template);
            if template != spec {
                control = true;
            }
            let controls = if control { vec![(base.whole_with_spec(template), Verdict::Reject)] } else { Vec::new() };
            let request = created(base.request, other, other.wrap(&parts));
            let request = match (old, &old_parts) {
                (Some(_), Some(stored)) => updated(request, other.wrap(stored)),
                _ => request,
            };
            self.push(other.shape, request, controls);
        }
    }

    /// From an object that is accepted.
    fn update(&mut self, base: &Base<'_>, asker: &Asker<'_, '_>, samples: &[Sample<'_>], place: &Place) {
        if base.request.operation != "CREATE" {
            return;
        }
        let harmless = match place {
            Place::Containers(Located { harmless, .. }) => {
                Some(with_lists(base.spec, &[(List::Regular, vec![harmless.clone()])]))
            }
            Place::PodSpec(spec) => Some(spec.clone()),
            Place::Unknown | Place::Elsewhere => None,
        };
        let stored = harmless.map(|spec| base.workload.with_spec(base.object, spec)).or_else(|| {
            let accepted = |object: &Value| {
                asker
                    .ask(&AdmissionRequest { object: Some(object.clone()), ..base.request.clone() })
                    .is(Verdict::Accept)
            };
            samples::objects(samples, base, asker.subject).find(accepted)
        });
        match stored {
            Some(stored) => self.push(Shape::Update, updated(base.request.clone(), stored), Vec::new()),
            None => {
                self.leave_out(&[Shape::Update], "the cases have no object of its kind that is accepted in its place")
            }
        }
    }
}

/// The pod spec as every kind can have it, and whether it is another one: ephemeral containers are those of Pods only.
fn portable(base: &Base<'_>, located: Option<&Located>) -> (Map<String, Value>, bool) {
    let mut spec = base.spec.clone();
    if spec.remove(List::Ephemeral.key()).is_none() {
        return (spec, base.is_of_ephemeral());
    }
    if let Some(Located { harmless, bad }) = located
        && let [(List::Ephemeral, containers)] = bad.as_slice()
    {
        let mut all = vec![harmless.clone()];
        all.extend(List::Regular.fitted(containers));
        spec.insert(List::Regular.key().to_owned(), all.into());
    }
    (spec, true)
}

/// Whether what this kind stores can be changed into another pod spec.
pub(super) fn can_change(workload: &Workload) -> bool {
    !matches!(workload.shape, Shape::Pod | Shape::Job)
}
