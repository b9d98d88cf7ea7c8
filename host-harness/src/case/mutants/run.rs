//! Runs of a module that has all changes in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use admit_runtime::internal::Probe;

use super::{
    author::Author,
    change::{Change, Edit},
    module::Module,
    outcome::{MutantFate, MutantsError},
    rewrite::{Rewritten, Site, rewrite},
};
use crate::{
    Abi, CompiledPolicy, Deadline, Engine, RunOptions,
    case::{Case, parallel},
};

/// The fuel that a mutant may take: so many times what the module took, and so much more.
const TIMES: u64 = 10;
const MORE: u64 = 1_000_000;

/// A module that can be changed, and tells what was reached.
pub(super) struct Watched {
    policy: CompiledPolicy,
    made: Rewritten,
    changes: Vec<Change>,
    /// Which bit tells that a place was reached.
    bits: BTreeMap<Site, usize>,
}

impl Watched {
    /// With these changes, and with these places watched besides those of the changes.
    pub(super) fn new(
        module: &Module<'_>,
        changes: Vec<Change>,
        sites: &[Site],
        engine: &Engine,
    ) -> Result<Self, MutantsError> {
        let bits = sites_of(&changes, sites);
        let made = rewrite(module, &changes, &bits)?;
        let policy = CompiledPolicy::from_bytes(engine, &made.bytes)?;
        Ok(Self { policy, made, changes, bits })
    }

    /// Runs the cases on the module as it was.
    pub(super) fn cover<'c>(&self, cases: &'c [Case], options: &RunOptions) -> Covered<'_, 'c> {
        let cases: Vec<&Case> = cases.iter().filter(|case| case.applies_to(self.policy.abi())).collect();
        let watch = |case: &&'c Case| {
            let seen = self.made.seen.iter().map(|name| (name.clone(), AtomicU64::new(0)));
            let probe = Arc::new(Probe { seen: seen.collect(), ..Probe::default() });
            let run = case.run(&self.policy, &RunOptions { probe: Some(probe.clone()), ..options.clone() });
            let seen = probe.seen.iter().map(|(_, bits)| bits.load(Ordering::Relaxed)).collect();
            (run.passed(), Tried { case, fuel: run.trace.fuel, seen })
        };
        let (tried, others): (Vec<_>, Vec<_>) =
            parallel::each(&cases, watch, |_| {}).into_iter().partition(|(passed, _)| *passed);
        let mut tried: Vec<Tried<'c>> = tried.into_iter().map(|(_, tried)| tried).collect();
        // What is quick notices most changes soon.
        tried.sort_by_key(|tried| tried.fuel);
        let left_out = others.into_iter().map(|(_, tried)| tried.case.name.clone()).collect();
        Covered { watched: self, tried, left_out }
    }
}

/// The places of changes, and others, each with its bit.
pub(super) fn sites_of(changes: &[Change], others: &[Site]) -> BTreeMap<Site, usize> {
    let all = changes.iter().map(|change| (change.function, change.offset)).chain(others.iter().copied());
    all.collect::<BTreeSet<Site>>().into_iter().zip(0..).collect()
}

/// The beginning of each function in which the author has a part.
pub(super) fn entries(module: &Module<'_>, author: &Author<'_>) -> Result<Vec<Site>, MutantsError> {
    let mut entries = Vec::new();
    for (position, function) in module.functions.iter().enumerate() {
        if author.has_part_in(module, function.index) {
            entries.push((position, function.body.get_operators_reader()?.original_position()));
        }
    }
    Ok(entries)
}

/// What each case reaches.
pub(super) struct Covered<'w, 'c> {
    watched: &'w Watched,
    tried: Vec<Tried<'c>>,
    left_out: Vec<String>,
}

/// A case that is as expected on the watched module.
struct Tried<'c> {
    case: &'c Case,
    fuel: u64,
    /// A bit for each place.
    seen: Vec<u64>,
}

impl Tried<'_> {
    fn reaches(&self, bit: usize) -> bool {
        self.seen.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }
}

impl Covered<'_, '_> {
    pub(super) fn abi(&self) -> Abi {
        self.watched.policy.abi()
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.watched.changes
    }

    /// The cases that are not as expected when the module is watched.
    pub(super) fn left_out(&self) -> &[String] {
        &self.left_out
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tried.is_empty()
    }

    /// Whether a case reaches a place that is watched.
    pub(super) fn reaches(&self, site: Site) -> bool {
        self.watched.bits.get(&site).is_some_and(|bit| self.tried.iter().any(|tried| tried.reaches(*bit)))
    }

    /// The positions of the functions with a place that was reached.
    pub(super) fn reached_functions(&self) -> BTreeSet<usize> {
        self.watched.bits.keys().filter(|site| self.reaches(**site)).map(|(function, _)| *function).collect()
    }

    /// What becomes of each change; nothing is known of those that were not run in time.
    pub(super) fn fates(
        &self,
        options: &RunOptions,
        deadline: Deadline,
        progress: impl Fn(usize, usize) + Sync,
    ) -> Vec<Option<MutantFate>> {
        let changes: Vec<(usize, &Change)> = (1..).zip(&self.watched.changes).collect();
        let all = changes.len();
        let run = |(number, change): &(usize, &Change)| self.fate(*number, change, options, deadline);
        parallel::each(&changes, run, |done| progress(done, all))
    }

    fn fate(&self, number: usize, change: &Change, options: &RunOptions, deadline: Deadline) -> Option<MutantFate> {
        let bit = *self.watched.bits.get(&(change.function, change.offset))?;
        let probe = Arc::new(match change.edit {
            Edit::Byte { address, value } => Probe { byte: Some((address, value)), ..Probe::default() },
            _ => Probe { global: Some((self.watched.made.chooser.clone(), number as i32)), ..Probe::default() },
        });
        let mut options = RunOptions { probe: Some(probe), ..options.clone() };
        let given = options.limits.fuel.unwrap_or(u64::MAX);
        let mut fate = MutantFate::NotReached;
        for tried in self.tried.iter().filter(|tried| tried.reaches(bit)) {
            if deadline.is_over() {
                return None;
            }
            options.limits.fuel = Some(given.min(tried.fuel.saturating_mul(TIMES).saturating_add(MORE)));
            let run = tried.case.run(&self.watched.policy, &options);
            if run.exhausted.is_some() {
                return None;
            }
            if !run.passed() {
                return Some(MutantFate::Killed(tried.case.name.clone()));
            }
            fate = MutantFate::Survived;
        }
        Some(fate)
    }
}
