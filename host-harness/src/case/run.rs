//! Running cases.

use super::{Case, Difference, Verdict, calls, compare, host::RunningHost, parallel};
use crate::{
    Abi, CompiledPolicy, RunOptions,
    admission::Enforcement,
    outcome::{Failure, Outcome, SettingsOutcome, Trace},
};

/// What came of one case on one ABI.
#[derive(Clone, Debug)]
pub struct CaseRun<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// What is not as expected; nothing when the case passed.
    pub differences: Vec<Difference>,
    /// What the run used and said; of `validate_settings` when the settings ended it, else of `validate`.
    pub trace: Trace,
}

impl CaseRun<'_> {
    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// How a run ended.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is soon taken apart")]
pub(super) enum Ended {
    /// The settings were refused, or the policy failed on them.
    Settings(SettingsOutcome),
    Request(Outcome),
}

impl Case {
    /// Does what `kwctl run` does: checks the settings, and evaluates the request when they are valid.
    ///
    /// The policy is granted what the case says, else what its metadata declares, else what `options` say; it is answered
    /// by the source of the case, else by that of `options`.
    pub fn run(&self, policy: &CompiledPolicy, options: &RunOptions) -> CaseRun<'_> {
        let host = self.host.start(policy, options);
        let (differences, trace) = self.compare(&host, self.evaluate(policy, &host.options));
        CaseRun { case: self, abi: policy.abi(), differences, trace }
    }

    fn evaluate(&self, policy: &CompiledPolicy, options: &RunOptions) -> Ended {
        self.ask(policy, options).enforced(&self.enforcement)
    }

    /// What the policy itself says.
    pub(super) fn ask(&self, policy: &CompiledPolicy, options: &RunOptions) -> Ended {
        let settings = policy.validate_settings(&self.settings, options);
        match &settings.result {
            Ok(answer) if answer.valid => Ended::Request(policy.validate(&self.request, &self.settings, options)),
            _ => Ended::Settings(settings),
        }
    }

    pub(super) fn compare(&self, host: &RunningHost, ended: Ended) -> (Vec<Difference>, Trace) {
        let (mut differences, trace) = match ended {
            Ended::Request(outcome) => (compare::evaluation(&self.expect, &outcome), outcome.trace),
            Ended::Settings(outcome) => (compare::settings(&self.expect, &outcome), outcome.trace),
        };
        if let Some(expected) = &self.expect.host_calls {
            calls::compare(expected, &trace, &mut differences);
        }
        differences.extend(host.differences());
        (differences, trace)
    }
}

impl Ended {
    /// What Kubewarden makes of it.
    pub(super) fn enforced(self, enforcement: &Enforcement) -> Self {
        match self {
            Self::Request(outcome) => Self::Request(outcome.enforced(enforcement)),
            settings => settings,
        }
    }

    /// The verdict, and what was said about it.
    pub(super) fn verdict(&self) -> (Verdict, Option<String>) {
        match self {
            Self::Settings(outcome) => match &outcome.result {
                Ok(answer) => (Verdict::InvalidSettings, answer.message.clone()),
                Err(failure) => (Verdict::Error, Some(failure.to_string())),
            },
            Self::Request(outcome) => {
                let message = outcome.response.status.as_ref().and_then(|status| status.message.clone());
                match &outcome.result {
                    Err(failure) => (Verdict::Error, Some(failure.to_string())),
                    Ok(_) if outcome.response.allowed => (Verdict::Accept, message),
                    Ok(_) => (Verdict::Reject, message),
                }
            }
        }
    }

    /// Why there is no answer.
    pub(super) fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Settings(outcome) => outcome.result.as_ref().err(),
            Self::Request(outcome) => outcome.result.as_ref().err(),
        }
    }
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
