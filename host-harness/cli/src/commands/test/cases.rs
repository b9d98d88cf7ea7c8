//! The cases that are to be run.

use std::{path::PathBuf, sync::Arc};

use admit_host::{
    Abi, RunOptions, Suite,
    case::{self, Blessing, Case, Subjects},
    chainloop::PolicyFile,
};

use super::{Args, files};
use crate::error::CliError;

/// Where cases come from.
pub(super) struct Cases {
    pub(super) folder: PathBuf,
    /// That of the policy; else the one beside the cases, if there is one.
    pub(super) policy: Option<Arc<PolicyFile>>,
    pub(super) suite: Suite,
    /// Those that the policy offers.
    pub(super) abis: Vec<Abi>,
}

impl Cases {
    /// Those of the cases in the folder that are to be run, which may have no expectation yet where it is to be blessed.
    pub(super) fn chosen(&self, args: &Args, to_bless: bool) -> Result<Vec<Case>, CliError> {
        let Self { folder, policy, suite, abis } = self;
        let loaded = match (to_bless, policy) {
            (true, policy) => case::load_to_bless(folder, policy.clone(), suite),
            (false, Some(policy)) => case::load_for(folder, Some(policy.clone()), suite),
            (false, None) => case::load_in(folder, suite),
        };
        let mut cases = loaded.map_err(CliError::Inputs)?;
        if cases.is_empty() {
            let folder = folder.clone();
            return Err(if *abis == [Abi::Extism] {
                CliError::NoMaterialCases(folder)
            } else {
                CliError::NoCases(folder)
            });
        }
        if let Some(filter) = &args.filter {
            if !cases.iter().any(|case| case.name.contains(filter.as_str())) {
                let cases = cases.into_iter().map(|case| case.name).collect();
                return Err(CliError::NothingMatches { filter: filter.clone(), cases });
            }
            cases.retain(|case| case.name.contains(filter.as_str()));
        }
        if args.shapes {
            cases.iter_mut().for_each(|case| case.shapes = true);
        }
        if let Some(path) = &args.world {
            case::answer_with(&mut cases, &files::world(path, args.allow_outside)?);
        }
        Ok(cases)
    }

    /// With `--bless`, the cases as they are after it, and what it did. Where it left some without an expectation, they are left out.
    pub(super) fn blessed(
        &self,
        args: &Args,
        cases: Vec<Case>,
        subjects: Subjects<'_>,
        options: &RunOptions,
    ) -> Result<(Vec<Case>, Vec<Blessing>), CliError> {
        if !args.bless {
            return Ok((cases, Vec::new()));
        }
        let blessed = case::bless(&cases, subjects, options)?;
        let mut cases = self.chosen(args, true)?;
        cases.retain(|case| !case.unwritten);
        Ok((cases, blessed))
    }
}
