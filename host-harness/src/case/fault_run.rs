//! Running cases again and again, each time with one answer of the host gone wrong.

use std::{fmt, sync::Arc};

use super::{Case, Verdict, parallel, run};
use crate::{
    Abi, CompiledPolicy, Deadline, Platform, RunOptions,
    capabilities::{Fault, FaultRule, Faulty, HostCapabilities, SeenCall},
    outcome::Failure,
};

/// Most calls of a case, on one ABI, into whose answers faults are injected. The policy decides how many calls it makes, and
/// each is run several times.
pub const MAX_FAULT_CALLS: usize = 100;

/// The results of runs with injected faults.
#[derive(Clone, Debug, Default)]
pub struct FaultReport<'c> {
    /// Every run with a fault, in the order of cases, policies, calls and [`Fault::all`].
    pub runs: Vec<FaultRun<'c>>,
    /// The cases with more than [`MAX_FAULT_CALLS`] calls.
    pub left_out: Vec<LeftOut<'c>>,
    /// Runs that were not made because the time for all of them was up.
    pub out_of_time: usize,
}

/// A case with so many calls that no faults were injected into the last ones.
#[derive(Clone, Copy, Debug)]
pub struct LeftOut<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// How many calls, the last ones of the case.
    pub calls: usize,
}

/// The result of a run with one injected fault.
#[derive(Clone, Debug)]
pub struct FaultRun<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// Which call of the run, counted from 1; those of `validate_settings` come first.
    pub number: u64,
    /// The call, with the answer that it gets when nothing goes wrong.
    pub call: Arc<SeenCall>,
    /// The fault that was injected.
    pub fault: Fault,
    /// The reaction of the policy.
    pub reaction: Reaction,
    /// How the run ended; in a case in mode monitor, how it would in mode protect.
    pub verdict: Verdict,
    /// What the user is told, or why there was no answer.
    pub text: Option<String>,
    /// The policy trapped, which rejects the request without telling why. Not of an HTTP request that fails on Chainloop, where
    /// every policy does.
    pub trapped: bool,
}

/// The reaction of a policy to a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// The policy was left without an answer, and the request is rejected: by the policy, or by Kubewarden because the
    /// policy itself gives no answer (an error, a trap, a limit).
    Closed,
    /// The policy was left without an answer, and accepts nevertheless. A request that is accepted only because the case is
    /// in mode monitor does not count as open.
    Open,
    /// The answer was empty or long, and the verdict is the one of the case.
    SameVerdict,
    /// The answer was empty or long, and the verdict is another one.
    OtherVerdict,
    /// The policy went on to ask what the source of the case has no answer for.
    Unknown,
    /// The clock ended the run, so nothing is known: the same run may end in another way on a machine that is less busy.
    OutOfTime,
}

impl fmt::Display for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::SameVerdict => "same verdict",
            Self::OtherVerdict => "other verdict",
            Self::Unknown => "unknown",
            Self::OutOfTime => "out of time",
        })
    }
}

/// Takes every case that passes, on every policy that it applies to, and runs it once more for every host call that it
/// makes and every [`Fault`] that can happen to the answer; the other answers stay as they are.
///
/// Calls that are not authorised, and log records, are left alone, and so is what comes after the first [`MAX_FAULT_CALLS`]
/// calls of a case. No run is started after `deadline`: the policy decides how many there are, and how long each takes. `progress` is
/// called with the number of runs that are done, and that of all runs.
///
/// What counts is what the policy answers, so a case in mode monitor is judged as if it were in mode protect.
pub fn run_faults<'c>(
    cases: &'c [Case],
    policies: &[CompiledPolicy],
    options: &RunOptions,
    deadline: Deadline,
    progress: impl Fn(usize, usize) + Sync,
) -> FaultReport<'c> {
    let observed = parallel::each(&run::jobs(cases, policies), |(case, policy)| observe(case, policy, options), |_| {});
    let (jobs, left_out): (Vec<_>, Vec<_>) = observed.into_iter().unzip();
    let jobs: Vec<Job<'_, '_>> = jobs.into_iter().flatten().collect();
    let run = |job: &Job<'c, '_>| (!deadline.is_over()).then(|| job.run(options));
    let runs = parallel::each(&jobs, run, |done| progress(done, jobs.len()));
    let runs: Vec<_> = runs.into_iter().flatten().collect();
    FaultReport { out_of_time: jobs.len() - runs.len(), runs, left_out: left_out.into_iter().flatten().collect() }
}

struct Job<'c, 'p> {
    case: &'c Case,
    policy: &'p CompiledPolicy,
    /// The verdict when nothing goes wrong.
    verdict: Verdict,
    number: u64,
    call: Arc<SeenCall>,
    fault: Fault,
}

/// The runs with faults for a case; empty when the case does not pass.
fn observe<'c, 'p>(
    case: &'c Case,
    policy: &'p CompiledPolicy,
    options: &RunOptions,
) -> (Vec<Job<'c, 'p>>, Option<LeftOut<'c>>) {
    let mut host = case.host.start(policy.metadata(), options);
    let observer = Arc::new(Faulty::new(host.options.capabilities.clone(), []));
    host.options.capabilities = observer.clone();
    let ended = case.ask(policy, &host.options);
    let verdict = case.protected(ended.clone()).verdict().0;
    let enforced = match case.admission() {
        Some(subject) => ended.enforced(&subject.enforcement),
        None => ended,
    };
    if !case.compare(&host, enforced).0.is_empty() {
        return (Vec::new(), None);
    }
    let calls = observer.calls();
    let left_out = calls.len().saturating_sub(MAX_FAULT_CALLS);
    let left_out = (left_out > 0).then(|| LeftOut { case, abi: policy.abi(), calls: left_out });
    let faults = (1..).zip(calls).take(MAX_FAULT_CALLS).flat_map(|(number, call)| {
        let faults = call.faults();
        faults.into_iter().map(move |fault| Job { case, policy, verdict, number, call: call.clone(), fault })
    });
    (faults.collect(), left_out)
}

impl<'c> Job<'c, '_> {
    /// Chainloop itself ends a policy whose HTTP request fails: there is nothing that the policy could do about it.
    fn always_traps(&self) -> bool {
        self.policy.abi().platform() == Platform::Chainloop
            && self.call.namespace == "http"
            && matches!(self.fault, Fault::Fail(_))
    }

    fn run(&self, options: &RunOptions) -> FaultRun<'c> {
        let mut host = self.case.host.start(self.policy.metadata(), options);
        let rule = FaultRule { calls: HostCapabilities::all(), nth: Some(self.number), fault: self.fault.clone() };
        host.options.capabilities = Arc::new(Faulty::new(host.options.capabilities.clone(), [rule]));
        let ended = self.case.protected(self.case.ask(self.policy, &host.options));
        let (verdict, text) = ended.verdict();
        let failure = ended.failure();
        FaultRun {
            case: self.case,
            abi: self.policy.abi(),
            number: self.number,
            call: self.call.clone(),
            fault: self.fault.clone(),
            reaction: match failure {
                Some(failure) if failure.is_of_the_host() => Reaction::Unknown,
                Some(Failure::Timeout(_)) if self.fault != Fault::Timeout => Reaction::OutOfTime,
                _ if self.fault.withholds_answer() && verdict.lets_in() => Reaction::Open,
                _ if self.fault.withholds_answer() => Reaction::Closed,
                _ if verdict == self.verdict => Reaction::SameVerdict,
                _ => Reaction::OtherVerdict,
            },
            verdict,
            text,
            trapped: matches!(failure, Some(Failure::Trap { .. })) && !self.always_traps(),
        }
    }
}
