//! Whether cases notice when a policy's module is changed: mutants.
//!
//! All changes are put into one module, in which a global chooses one of them, so that it is compiled once. Which places each case
//! reaches is known from a run of the module as it was; a change is tried with the cases that reach its place.

mod at;
mod author;
mod blocks;
mod change;
mod module;
mod operators;
mod outcome;
mod report;
mod rewrite;
mod run;
mod sites;
#[cfg(test)]
mod tests;
mod texts;

use std::{collections::BTreeSet, path::Path};

pub use outcome::{Mutant, MutantFate, MutantReport, MutantsError, SourceLine};

use super::Case;
use crate::{Deadline, Engine, RunOptions};
use admit_runtime::internal::DebugData;
use author::Author;
use change::Change;
use module::Module;
use run::{Watched, entries};

/// How mutants are made and run.
#[derive(Clone, Copy, Debug)]
pub struct MutantOptions<'a> {
    /// The folder of the package that the module was built from, whose code is changed. When absent, or when the module has no debug
    /// data, it is code that is no library's, as far as source paths and names of functions tell.
    pub folder: Option<&'a Path>,
    /// The most mutants that are run; of more, a sample is taken, the same each time.
    pub most: usize,
    /// When no more runs are started.
    pub deadline: Deadline,
}

/// Changes the author's code in a module, one change at a time, and runs the cases until one notices.
///
/// A change is noticed when the run of a case is not as expected; so is one that traps or takes ten times as long. Changes that cannot
/// matter are not made, as far as that can be known: branches that only decide whether the module traps, and code that is not the
/// author's. `progress` is called with the number of mutants that are done, and that of all.
///
/// The cases have to pass on the module as it is.
///
/// # Errors
///
/// [`MutantsError`]: the module cannot be loaded, there is nothing to change, or no case runs as before once the module is watched.
pub fn run_mutants(
    cases: &[Case],
    module: &[u8],
    engine: &Engine,
    options: &RunOptions,
    how: MutantOptions<'_>,
    progress: impl Fn(usize, usize) + Sync,
) -> Result<MutantReport, MutantsError> {
    let read = Module::read(module)?;
    let debug_data = DebugData::of(module);
    let author = Author::of(debug_data.as_ref(), how.folder);
    // Where names decide there is much code: it is looked at where a case comes by.
    let reached: Option<BTreeSet<usize>> = if author.knows_lines() {
        None
    } else {
        let watched = Watched::new(&read, Vec::new(), &entries(&read, &author)?, engine)?;
        Some(watched.cover(cases, options).reached_functions())
    };
    let wanted = |function: usize| reached.as_ref().is_none_or(|reached| reached.contains(&function));
    let found = sites::find(&read, &author, wanted)?;
    if found.is_empty() {
        return Err(MutantsError::Nothing { with_lines: author.knows_lines() });
    }
    let by_lines = author.knows_lines();
    let (found, unreached) = match reached {
        // A sample should be of what can be noticed.
        Some(_) if found.len() > how.most => only_reached(&read, found, cases, engine, options)?,
        _ => (found, 0),
    };
    let (changes, sampled_out) = sample(found, how.most);
    let watched = Watched::new(&read, changes, &[], engine)?;
    let covered = watched.cover(cases, options);
    if covered.is_empty() {
        return Err(MutantsError::NoCaseAsBefore);
    }
    let fates = covered.fates(options, how.deadline, progress);
    Ok(MutantReport { sampled_out, unreached, ..report::of(&read, &covered, fates, by_lines) })
}

/// The changes in places that a case reaches, and how many others there are.
fn only_reached(
    module: &Module<'_>,
    mut changes: Vec<Change>,
    cases: &[Case],
    engine: &Engine,
    options: &RunOptions,
) -> Result<(Vec<Change>, usize), MutantsError> {
    let all = changes.len();
    let sites: Vec<_> = changes.iter().map(|change| (change.function, change.offset)).collect();
    let watched = Watched::new(module, Vec::new(), &sites, engine)?;
    let covered = watched.cover(cases, options);
    changes.retain(|change| covered.reaches((change.function, change.offset)));
    let unreached = all - changes.len();
    Ok((changes, unreached))
}

/// At most so many changes, in an order in which any first part of them is a sample as well, and how many were left out.
fn sample(mut changes: Vec<Change>, most: usize) -> (Vec<Change>, usize) {
    let mut state = 0x5eed_u64;
    // Fisher and Yates, with the generator SplitMix64.
    for end in (1..changes.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        changes.swap(end, (bits % (end as u64 + 1)) as usize);
    }
    let left_out = changes.len().saturating_sub(most);
    changes.truncate(most);
    (changes, left_out)
}
