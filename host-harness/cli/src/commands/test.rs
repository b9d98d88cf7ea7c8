//! `cargo admit test`.

mod json;
mod text;

use std::{path::PathBuf, time::Duration};

use admit_host::{
    Abi, CompiledPolicy, KUBEWARDEN_VERSION,
    artifact::{Artifact, Project},
    case::{self, CaseRun},
};

use super::{Format, policy};
use crate::{
    error::CliError,
    exit::Exit,
    output::{DIM, to_stderr, to_stdout},
};

/// Builds a policy and runs every case on every ABI it offers.
///
/// A case is a file in the folder `cases` of the policy: an input, settings, and what the policy has to answer.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit test examples/pod-privileged
  cargo admit test --abi wasi --filter cronjob

A case is a file `cases/<name>.yaml` of the policy:
  about: an init container counts too       # optional
  object: { file: _shared/pod.yaml }        # or in place; or `request` (AdmissionReview or AdmissionRequest), or `raw`
  operation: CREATE                         # for an object; also old_object, sub_resource, user, groups, namespace, name
  settings: { exempt: [istio-proxy] }
  mode: monitor                             # also allowed_to_mutate, rejection_message; audit: true asks as the audit scanner
  expect:                                   # or just `expect: accept`
    verdict: reject                         # accept, reject, invalid-settings, error
    message: { contains: init }             # or the exact text, or { matches: regular expression }
    code: 403                               # also warnings, audit_annotations, patch, object")]
pub(crate) struct Args {
    /// Folder of the policy crate
    #[arg(default_value = ".")]
    path: PathBuf,
    /// ABIs to test, separated by commas: wapc, wasi; every one that the crate offers when absent
    #[arg(long, value_delimiter = ',', value_name = "ABI")]
    abi: Vec<Abi>,
    /// Run only the cases that have this in their name
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Output format
    #[arg(long, default_value = "text")]
    format: Format,
    /// Build with names and line tables, so that the backtrace of a trap shows source lines
    #[arg(long)]
    debug_info: bool,
    /// Seconds that one operation may take [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    timeout: Option<Duration>,
    /// The Kubewarden to pass for: policies that need a newer one are refused [default: 1.36.0]
    #[arg(long, value_name = "X.Y.Z")]
    kubewarden_version: Option<semver::Version>,
}

/// Everything that a report is made of.
struct Report<'c> {
    package: &'c str,
    artifacts: &'c [Artifact],
    cases: usize,
    runs: Vec<CaseRun<'c>>,
}

impl Report<'_> {
    fn failed(&self) -> usize {
        self.runs.iter().filter(|run| !run.passed()).count()
    }

    /// Combinations of case and ABI that `only` leaves out.
    fn skipped(&self) -> usize {
        self.cases * self.artifacts.len() - self.runs.len()
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let project = Project::open(&args.path)?;
    let folder = policy::shown(&project.folder().join("cases"));
    let mut cases = case::load(&folder).map_err(CliError::Inputs)?;
    if cases.is_empty() {
        return Err(CliError::NoCases(folder));
    }
    if let Some(filter) = &args.filter {
        let all = cases.len();
        cases.retain(|case| case.name.contains(filter.as_str()));
        if cases.is_empty() {
            return Err(CliError::NothingMatches { filter: filter.clone(), cases: all });
        }
    }
    if args.abi.is_empty() && project.abis() == [Abi::Wapc] {
        to_stderr(&format!(
            "{DIM}only waPC is tested; with `wasi = [\"admit/wasi\"]` under [features] the policy is a WASI one, too{DIM:#}"
        ))?;
    }
    let artifacts = policy::build(&project, &args.abi, args.debug_info)?;
    let engine = policy::engine(args.kubewarden_version.clone().unwrap_or(KUBEWARDEN_VERSION))?;
    let policies: Vec<CompiledPolicy> =
        artifacts.iter().map(|artifact| policy::load(&engine, &artifact.path)).collect::<Result<_, _>>()?;
    case::check_fit(&cases, &policies).map_err(CliError::Inputs)?;
    let runs = case::run_all(&cases, &policies, &policy::options(args.timeout));
    if runs.is_empty() {
        let abis: Vec<_> = artifacts.iter().map(|artifact| artifact.abi.to_string()).collect();
        return Err(CliError::NothingRuns(abis.join(" or ")));
    }
    let report = Report { package: project.name(), artifacts: &artifacts, cases: cases.len(), runs };
    to_stdout(&match args.format {
        Format::Text => text::render(&report),
        Format::Json => json::render(&report).to_string(),
    })?;
    Ok(if report.failed() == 0 { Exit::Done } else { Exit::Rejected })
}
