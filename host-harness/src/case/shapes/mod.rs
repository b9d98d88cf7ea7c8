//! Moved violations: what a case shows to be rejected in one place is asked about in the others.
//!
//! Nothing is guessed about the policy. Where a violation is, and whether it came along when it was moved, the policy itself is asked.

mod asker;
mod containers;
mod locate;
mod samples;
mod shape;
mod variants;
mod workload;

pub use shape::Shape;

use super::{Case, Verdict, parallel, run};
use crate::{
    Abi, CompiledPolicy, Deadline, Platform, RunOptions,
    matching::{Asked, Matching},
    request::{AdmissionRequest, Request},
};
use asker::{Asker, Base, asked, deleted, stores};
use samples::Sample;
use variants::{Variant, Variants, can_change};
use workload::Workload;

/// What came of moving the violations of cases.
#[derive(Clone, Debug, Default)]
pub struct ShapeReport<'c> {
    /// Every variant that was asked about, in the order of cases and policies.
    pub runs: Vec<ShapeRun<'c>>,
    /// What the policy rejects when it is asked, and its rules never let it be asked.
    pub undelivered: Vec<Undelivered<'c>>,
    /// Variants that were not made, or that nothing is known of.
    pub left_out: Vec<NotMoved<'c>>,
    /// Combinations of case and policy that were not looked at because the time for all of them was up.
    pub out_of_time: usize,
}

/// A variant of a case.
#[derive(Clone, Debug)]
pub struct ShapeRun<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// Where the violation is in it.
    pub shape: Shape,
    /// What was asked, in a few words.
    pub asked: String,
    /// What came of it.
    pub fate: Fate,
    /// What was asked, where it should not be so.
    pub request: Option<Box<AdmissionRequest>>,
    /// What the user is told, or why there was no answer.
    pub text: Option<String>,
    /// Why the rules of the policy do not deliver what should not be so; it shows with other rules only.
    pub not_asked: Option<String>,
}

/// What came of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is rejected, as the case is.
    Rejected,
    /// It slipped through: it is accepted.
    Accepted,
    /// The policy had no answer, with which nothing enters.
    NoAnswer,
    /// The DELETE of the object was answered, in whichever way.
    Answered,
    /// The policy broke on the DELETE of the object.
    Broke,
}

/// A request that the policy rejects when it is asked, and that its rules do not deliver.
#[derive(Clone, Debug)]
pub struct Undelivered<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// In which shape its violation is; that of its own kind when it is the case itself.
    pub shape: Shape,
    /// What was asked, in a few words.
    pub asked: String,
    /// Why the rules do not deliver it.
    pub why: String,
}

/// Shapes of a case that were left out.
#[derive(Clone, Debug)]
pub struct NotMoved<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// Which ones.
    pub shapes: Vec<Shape>,
    /// Why.
    pub why: String,
}

impl ShapeRun<'_> {
    /// Whether it should not be so.
    pub fn is_wrong(&self) -> bool {
        matches!(self.fate, Fate::Accepted | Fate::Broke)
    }

    /// Why it may be so.
    pub fn waived(&self) -> Option<&str> {
        self.case.waived.shape(self.shape).filter(|_| self.is_wrong())
    }
}

impl Undelivered<'_> {
    /// Why it may be so.
    pub fn waived(&self) -> Option<&str> {
        [Shape::RulesDeliver, self.shape].into_iter().find_map(|shape| self.case.waived.shape(shape))
    }
}

/// Takes every case that passes on Kubewarden's ABIs, and asks about the DELETE of its object. Where it is rejected, and its object
/// holds a pod spec, the violation is moved as well: into other containers, other kinds, an UPDATE and a dry run.
///
/// Nothing is begun after `deadline`: the policy decides how long each run takes. `progress` is called with the number of combinations of
/// case and policy that are done, and that of all.
pub fn run_shapes<'c>(
    cases: &'c [Case],
    policies: &[CompiledPolicy],
    options: &RunOptions,
    deadline: Deadline,
    progress: impl Fn(usize, usize) + Sync,
) -> ShapeReport<'c> {
    let samples = samples::of(cases);
    let moved =
        |(case, policy): &(&Case, &CompiledPolicy)| case.shapes && policy.abi().platform() == Platform::Kubewarden;
    let jobs: Vec<_> = run::jobs(cases, policies).into_iter().filter(moved).collect();
    let work = |(case, policy): &(&'c Case, &CompiledPolicy)| {
        (!deadline.is_over()).then(|| examine(case, policy, options, &samples))
    };
    let examined = parallel::each(&jobs, work, |done| progress(done, jobs.len()));
    let mut report = ShapeReport::default();
    for examined in examined {
        match examined {
            Some(Examined { runs, undelivered, left_out }) => {
                report.runs.extend(runs);
                report.undelivered.extend(undelivered);
                report.left_out.extend(left_out);
            }
            None => report.out_of_time += 1,
        }
    }
    report
}

/// What came of a case on a policy.
#[derive(Default)]
struct Examined<'c> {
    runs: Vec<ShapeRun<'c>>,
    undelivered: Vec<Undelivered<'c>>,
    left_out: Vec<NotMoved<'c>>,
}

fn examine<'c>(case: &'c Case, policy: &CompiledPolicy, options: &RunOptions, samples: &[Sample<'_>]) -> Examined<'c> {
    let mut examined = Examined::default();
    let Some(subject) = case.admission().filter(|subject| !subject.audit) else { return examined };
    let Request::Kubernetes(request) = &subject.request else { return examined };
    let asker = Asker { case, subject, policy, options };
    let Some(answer) = asker.ask_case() else { return examined };
    if ![Verdict::Accept, Verdict::Reject].contains(&answer.verdict) {
        return examined;
    }
    if stores(request)
        && let Some(deletion) = deleted(request)
    {
        examined.take(&asker, Shape::Delete, deletion);
    }
    let Some(base) = Base::of(request).filter(|_| answer.verdict == Verdict::Reject) else { return examined };
    examined.deliver(&asker, base.workload.shape, request);
    let Variants { made, left_out } = Variants::of(&base, &asker, samples);
    for (shapes, why) in left_out {
        examined.leave_out(&asker, shapes, why.to_owned());
    }
    for Variant { shape, request, controls } in made {
        match controls.iter().all(|(control, verdict)| asker.ask(control).is(*verdict)) {
            true => examined.take(&asker, shape, request),
            false => examined.leave_out(&asker, vec![shape], "what is rejected cannot be there".to_owned()),
        }
    }
    examined
}

impl<'c> Examined<'c> {
    /// Asks about a variant.
    fn take(&mut self, asker: &Asker<'c, '_>, shape: Shape, request: AdmissionRequest) {
        let answer = asker.ask(&request);
        if answer.is_unknown {
            let why = answer.text.unwrap_or_default();
            return self.leave_out(asker, vec![shape], format!("the case has no answer for what is asked then: {why}"));
        }
        let fate = match (shape, answer.verdict) {
            (Shape::Delete, Verdict::Accept | Verdict::Reject) => Fate::Answered,
            (Shape::Delete, _) => Fate::Broke,
            (_, Verdict::Accept) => Fate::Accepted,
            (_, Verdict::Reject) => Fate::Rejected,
            _ => Fate::NoAnswer,
        };
        if fate == Fate::Rejected {
            self.deliver(asker, shape, &request);
        }
        let Asker { case, policy, .. } = *asker;
        let (asked, text) = (asked(&request), answer.text);
        let mut run = ShapeRun { case, abi: policy.abi(), shape, asked, fate, request: None, text, not_asked: None };
        if run.is_wrong() {
            run.not_asked =
                policy.metadata().and_then(|metadata| not_asked(&Matching::by_metadata(metadata), &request));
            run.request = Some(Box::new(request));
        }
        self.runs.push(run);
    }

    fn leave_out(&mut self, asker: &Asker<'c, '_>, shapes: Vec<Shape>, why: String) {
        if let Some(same) = self.left_out.iter_mut().find(|left_out| left_out.why == why) {
            return same.shapes.extend(shapes);
        }
        let Asker { case, policy, .. } = *asker;
        self.left_out.push(NotMoved { case, abi: policy.abi(), shapes, why });
    }

    /// Compares what is rejected with the rules.
    fn deliver(&mut self, asker: &Asker<'c, '_>, shape: Shape, request: &AdmissionRequest) {
        let Asker { case, policy, .. } = *asker;
        let Some(rules) = policy.metadata().map(Matching::by_metadata) else { return };
        let Some(why) = undelivered(&rules, shape, request) else { return };
        self.undelivered.push(Undelivered { case, abi: policy.abi(), shape, asked: asked(request), why });
    }
}

/// Why the rules never deliver such a request. Of a whole object it counts that it is asked about at all, when it is created or
/// changed; what is created well and then changed counts where what is rejected can be changed.
fn undelivered(rules: &Matching, shape: Shape, request: &AdmissionRequest) -> Option<String> {
    let as_operation = |operation: &str| AdmissionRequest { operation: operation.to_owned(), ..request.clone() };
    let whole = request.sub_resource.as_deref().unwrap_or_default().is_empty();
    match shape {
        Shape::InitContainers | Shape::SecondContainer | Shape::DryRun => None,
        Shape::Update => {
            let workload = Workload::of(&request.kind)?;
            let created = not_asked(rules, &as_operation("CREATE")).is_none();
            not_asked(rules, request).filter(|_| created && can_change(workload))
        }
        _ if whole => not_asked(rules, &as_operation("UPDATE")).and(not_asked(rules, &as_operation("CREATE"))),
        _ => not_asked(rules, request),
    }
}

fn not_asked(rules: &Matching, request: &AdmissionRequest) -> Option<String> {
    match rules.asked(request, None) {
        Asked::No(why) => Some(why),
        _ => None,
    }
}
