//! Running cases.

use super::{
    Case, Difference, MaterialSubject, Subject, calls, compare, ended::Ended, host::RunningHost, laws, material,
    parallel,
};
use crate::{Abi, CompiledPolicy, RunOptions, chainloop, outcome::Trace};

/// The result of one case on one ABI.
#[derive(Clone, Debug)]
pub struct CaseRun<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// Differences from what is expected; empty when the case passed.
    pub differences: Vec<Difference>,
    /// Why nothing is known of the policy, where it is this machine that had not enough memory for it.
    pub exhausted: Option<String>,
    /// What the run used and said; of `validate_settings` when the settings ended it, else of `validate`.
    pub trace: Trace,
}

impl CaseRun<'_> {
    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Case {
    /// Does what `kwctl run` does: checks the settings, and evaluates the request when they are valid.
    ///
    /// The policy is granted what the case says, else what its metadata declares, else what `options` say; it is answered
    /// by the source of the case, else by that of `options`.
    pub fn run(&self, policy: &CompiledPolicy, options: &RunOptions) -> CaseRun<'_> {
        let host = self.host.start(policy.metadata(), options);
        let answer = self.ask(policy, &host.options);
        let ended = match self.admission() {
            Some(subject) => answer.clone().enforced(&subject.enforcement),
            None => answer.clone(),
        };
        let exhausted = ended.exhausted();
        let (mut differences, trace) = self.compare(&host, ended);
        if differences.is_empty() {
            differences = laws::broken(self, &answer, policy, options);
        }
        CaseRun { case: self, abi: policy.abi(), differences: self.located(differences), exhausted, trace }
    }

    /// Asks a policy of several modules, as its policy file has them.
    fn run_material(&self, subject: &MaterialSubject, policy: &chainloop::Policy, options: &RunOptions) -> CaseRun<'_> {
        let host = self.host.start(None, options);
        let ended = Ended::Material(subject.ask(policy, &host.options));
        let exhausted = ended.exhausted();
        let (differences, trace) = self.compare(&host, ended);
        CaseRun { case: self, abi: Abi::Extism, differences: self.located(differences), exhausted, trace }
    }

    /// The differences with their places in the case file.
    fn located(&self, differences: Vec<Difference>) -> Vec<Difference> {
        differences.into_iter().map(|difference| difference.located(&self.document)).collect()
    }

    pub(super) fn compare(&self, host: &RunningHost, ended: Ended) -> (Vec<Difference>, Trace) {
        let (mut differences, trace) = match (&self.subject, ended) {
            (Subject::Admission(subject), Ended::Request(outcome)) => {
                (compare::evaluation(&subject.expect, &outcome), outcome.trace)
            }
            (Subject::Admission(subject), Ended::Settings(outcome)) => {
                (compare::settings(&subject.expect, &outcome), outcome.trace)
            }
            (Subject::Admission(subject), Ended::Bridged(bridged)) => {
                (compare::bridged(&subject.expect, &bridged), bridged.trace)
            }
            (Subject::Material(subject), Ended::Material(evaluated)) => {
                (material::compare(&subject.expect, &evaluated), material::trace(evaluated))
            }
            (Subject::Admission(_), Ended::Material(_)) | (Subject::Material(_), _) => {
                unreachable!("a subject ends as one of its own kind")
            }
        };
        if let Some(expected) = self.expected_calls() {
            calls::compare(expected, &trace, &mut differences);
        }
        differences.extend(host.differences());
        (differences, trace)
    }
}

/// Runs every case that is about a material on a policy of Chainloop with the modules of its policy file, in parallel.
pub fn run_materials<'c>(cases: &'c [Case], policy: &chainloop::Policy, options: &RunOptions) -> Vec<CaseRun<'c>> {
    let about_materials = |case: &'c Case| match &case.subject {
        Subject::Material(subject) if case.applies_to(Abi::Extism) => Some((case, &**subject)),
        _ => None,
    };
    let jobs: Vec<_> = cases.iter().filter_map(about_materials).collect();
    parallel::each(&jobs, |(case, subject)| case.run_material(subject, policy, options), |_| {})
}

/// Runs every case on every policy that it applies to, in parallel.
///
/// The results are in the order of `cases`, then of `policies`, whichever finished first.
pub fn run_all<'c>(cases: &'c [Case], policies: &[CompiledPolicy], options: &RunOptions) -> Vec<CaseRun<'c>> {
    parallel::each(&jobs(cases, policies), |(case, policy)| case.run(policy, options), |_| {})
}

/// Every combination of case and policy that is to be run.
pub(super) fn jobs<'c, 'p>(cases: &'c [Case], policies: &'p [CompiledPolicy]) -> Vec<(&'c Case, &'p CompiledPolicy)> {
    let on_each =
        |case: &'c Case| policies.iter().filter(|p| case.applies_to(p.abi())).map(move |policy| (case, policy));
    cases.iter().flat_map(on_each).collect()
}
