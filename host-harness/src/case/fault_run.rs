//! Running cases again and again, each time with one answer of the host gone wrong.

use std::{fmt, sync::Arc};

use super::{Case, Verdict, parallel, run};
use crate::{
    Abi, CompiledPolicy, RunOptions,
    capabilities::{Fault, FaultRule, Faulty, HostCapabilities, SeenCall},
    outcome::Failure,
};

/// What a policy makes of one answer that went wrong.
#[derive(Clone, Debug)]
pub struct FaultRun<'c> {
    /// The case.
    pub case: &'c Case,
    /// The ABI.
    pub abi: Abi,
    /// Which call of the run, counted from 1; those of `validate_settings` come first.
    pub number: u64,
    /// The call, with the answer that it gets when nothing goes wrong.
    pub call: SeenCall,
    /// What went wrong with the answer.
    pub fault: Fault,
    /// What came of it.
    pub reaction: Reaction,
    /// How the run ended.
    pub verdict: Verdict,
    /// What the user is told, or why there was no answer.
    pub text: Option<String>,
    /// The policy trapped, which rejects the request without telling why.
    pub trapped: bool,
}

/// What came of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// The policy was left without an answer, and the request does not enter: the policy rejects it, or gives no answer
    /// itself (an error, a trap, a limit), which Kubewarden makes a rejection of.
    Closed,
    /// The policy was left without an answer, and the request enters all the same.
    Open,
    /// The answer was empty or long, and the verdict is the one of the case.
    SameVerdict,
    /// The answer was empty or long, and the verdict is another one.
    OtherVerdict,
    /// The policy went on to ask what the source of the case has no answer for.
    Unknown,
}

impl fmt::Display for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::SameVerdict => "same verdict",
            Self::OtherVerdict => "other verdict",
            Self::Unknown => "unknown",
        })
    }
}

/// Takes every case that passes, on every policy that it applies to, and runs it once more for every host call that it
/// makes and every [`Fault`] that can happen to the answer; the other answers stay as they are.
///
/// Calls that the gates deny, and log records, are left alone. `progress` hears how many runs of how many are done. The
/// results are in the order of cases, policies, calls and [`Fault::all`].
pub fn run_faults<'c>(
    cases: &'c [Case],
    policies: &[CompiledPolicy],
    options: &RunOptions,
    progress: impl Fn(usize, usize) + Sync,
) -> Vec<FaultRun<'c>> {
    let observed = parallel::each(&run::jobs(cases, policies), |(case, policy)| observe(case, policy, options), |_| {});
    let jobs: Vec<Job<'_, '_>> = observed.into_iter().flatten().collect();
    parallel::each(&jobs, |job| job.run(options), |done| progress(done, jobs.len()))
}

struct Job<'c, 'p> {
    case: &'c Case,
    policy: &'p CompiledPolicy,
    /// The verdict when nothing goes wrong.
    verdict: Verdict,
    number: u64,
    call: SeenCall,
    fault: Fault,
}

/// Everything that can go wrong with a case; nothing when it does not pass.
fn observe<'c, 'p>(case: &'c Case, policy: &'p CompiledPolicy, options: &RunOptions) -> Vec<Job<'c, 'p>> {
    let mut host = case.host.start(policy, options);
    let observer = Arc::new(Faulty::new(host.options.capabilities.clone(), []));
    host.options.capabilities = observer.clone();
    let ended = case.evaluate(policy, &host.options);
    let verdict = ended.verdict().0;
    if !case.compare(&host, ended).0.is_empty() {
        return Vec::new();
    }
    let calls = (1..).zip(observer.calls());
    let faults = calls.flat_map(|(number, call)| {
        let faults = call.faults();
        faults.into_iter().map(move |fault| Job { case, policy, verdict, number, call: call.clone(), fault })
    });
    faults.collect()
}

impl<'c> Job<'c, '_> {
    fn run(&self, options: &RunOptions) -> FaultRun<'c> {
        let mut host = self.case.host.start(self.policy, options);
        let rule = FaultRule { calls: HostCapabilities::all(), nth: Some(self.number), fault: self.fault.clone() };
        host.options.capabilities = Arc::new(Faulty::new(host.options.capabilities.clone(), [rule]));
        let ended = self.case.evaluate(self.policy, &host.options);
        let (verdict, text) = ended.verdict();
        let failure = ended.failure();
        FaultRun {
            case: self.case,
            abi: self.policy.abi(),
            number: self.number,
            call: self.call.clone(),
            fault: self.fault.clone(),
            reaction: match failure {
                Some(Failure::Unanswerable(_)) => Reaction::Unknown,
                _ if self.fault.withholds_answer() && verdict == Verdict::Accept => Reaction::Open,
                _ if self.fault.withholds_answer() => Reaction::Closed,
                _ if verdict == self.verdict => Reaction::SameVerdict,
                _ => Reaction::OtherVerdict,
            },
            verdict,
            text,
            trapped: matches!(failure, Some(Failure::Trap { .. })),
        }
    }
}
