//! Running cases.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use super::{Case, Difference, compare};
use crate::{Abi, CompiledPolicy, RunOptions, outcome::Trace};

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

impl Case {
    /// Does what `kwctl run` does: checks the settings, and evaluates the request when they are valid.
    pub fn run(&self, policy: &CompiledPolicy, options: &RunOptions) -> CaseRun<'_> {
        let settings = policy.validate_settings(&self.settings, options);
        let (differences, trace) = match &settings.result {
            Ok(answer) if answer.valid => {
                let outcome = policy.validate(&self.request, &self.settings, options).enforced(&self.enforcement);
                (compare::evaluation(&self.expect, &outcome), outcome.trace)
            }
            _ => (compare::settings(&self.expect, &settings), settings.trace),
        };
        CaseRun { case: self, abi: policy.abi(), differences, trace }
    }
}

/// Runs every case on every policy that it applies to, in parallel.
///
/// The results are in the order of `cases`, then of `policies`, whichever finished first.
pub fn run_all<'c>(cases: &'c [Case], policies: &[CompiledPolicy], options: &RunOptions) -> Vec<CaseRun<'c>> {
    let jobs: Vec<(&Case, &CompiledPolicy)> = cases
        .iter()
        .flat_map(|case| policies.iter().filter(|p| case.applies_to(p.abi())).map(move |policy| (case, policy)))
        .collect();
    let results: Vec<Mutex<Option<CaseRun<'c>>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let (Some((case, policy)), Some(slot)) = (jobs.get(index), results.get(index)) else { break };
            let run = case.run(policy, options);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(run);
        }
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(jobs.len()).saturating_sub(1);
    thread::scope(|scope| {
        for _ in 0..workers {
            // Without a worker the work takes longer, and gets done all the same.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    results.into_iter().filter_map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}
