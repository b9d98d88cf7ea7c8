//! `cargo admit test`.

mod bless;
mod cases;
mod difference;
mod faults;
mod json;
mod lines;
mod module;
mod mutants;
mod policy_file;
mod reports;
mod shapes;
mod text;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use admit_host::{
    Abi, CompiledPolicy, Deadline, Engine, KUBEWARDEN_VERSION, PolicyModule, RunOptions, Suite, TimedBy,
    artifact::{Artifact, Project},
    capabilities::NoSource,
    case::{self, Blessing, Case, CaseRun, FaultReport, MutantReport, Reaction, ShapeReport, Stub, Subjects},
};

use super::{Format, files, host, policy};
use crate::{
    error::CliError,
    exit::Exit,
    output::{self, DIM, Data, Detail, data_to_stdout, to_stderr, to_stdout},
};
use cases::Cases;

/// The advice for a case without a source, whose policy makes a host call.
const NO_SOURCE: &str =
    "this case has no answer for it: give it a `world` or a `session`, or all of them a cases/_world, or use --world";

/// Builds a policy and runs every case on every ABI it offers.
///
/// A case is a file in the folder `cases` of the policy: an input, settings, and what the policy has to answer.
/// A module, in whatever language it was written, and the policy.yaml of a Chainloop policy are tested as they are: nothing is
/// built, and the cases are in the folder `cases` beside them.
///
/// To build a crate runs its code (see `cargo admit build --help`); a module cannot do anything. Cases and worlds name only files in the
/// folder of the policy.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit test examples/pod-privileged
  cargo admit test --abi wasi --filter cronjob
  cargo admit test policies/licenses/policy.yaml
  cargo admit test policy.wasm --cases tests/cases
  cargo admit test --bless                # the cases expect what is answered now

A case is a file `cases/<name>.yaml` of the policy:
  about: an init container counts too     # optional
  object: { file: _shared/pod.yaml }      # or in place; or `request`, an AdmissionReview or an
                                          #   AdmissionRequest; or `raw`
  set: { /spec/hostPID: true }            # changes the object: JSON pointers and values
  operation: CREATE                       # for an object; also old_object, sub_resource, user,
                                          #   groups, namespace, name, dry_run
  settings: { exempt: [istio-proxy] }
  mode: monitor                           # also allowed_to_mutate, rejection_message;
                                          #   audit: true asks as the audit scanner does
  expect:                                 # or just `expect: accept`
    verdict: reject                       # accept, reject, invalid-settings, error
    message: { contains: init }           # or the exact text, or { matches: regular expression }
    code: 403                             # also warnings, audit_annotations; patch and object, or
                                          #   parts of them: patch_contains, object_contains;
                                          #   what is not named must not be there, but for
                                          #   message and host_calls
    host_calls:                           # every call
      - kubernetes/get_resource           # also { call: ..., with: part of the payload }
  world: { cluster: { objects: [...] } }  # what the host answers: in place, or a file or folder;
                                          #   cases/_world(.yaml) is for cases that name nothing
  session: session.yml                    # or a recorded session; { file: ..., order: recorded,
                                          #   missing: error }
  host_capabilities: [kubernetes/*]       # granted; when absent, what the metadata declares
  context_aware_resources: [{ apiVersion: v1, kind: Namespace }]
  only: [wapc]                            # the ABIs it runs on
  waive: { twice-is-once: why }           # the laws of mutations and the shapes of violations,
                                          #   below, that need not hold
  faults:                                 # answers that go wrong, as below
    - { call: kubernetes/*, nth: 1, with: timeout }    # or with: { fail: text }
A case about a material asks a policy on Chainloop; cases about the object of a CREATE run
there, too:
  material: { file: _shared/sbom.json }   # or in place; a text for STRING and CONTAINER_IMAGE
  kind: SBOM_CYCLONEDX_JSON               # or the only kind of the policy.yaml, or EVIDENCE
  inputs: { denied: [GPL-3.0, AGPL-3.0] } # as in a contract; also annotations, allowed_hostnames
  expect:                                 # or just `expect: success`
    verdict: fail                         # success, fail, skip, ignore, error
    violations: [{ contains: GPL }]       # also findings (these fields at least), skip_reason,
                                          #   message, warnings, host_calls
Many small cases can be one file: keys that hold for all, and cases: [{ case: NAME, ... }, ...].
Long parts can be files of their own beside it: `cases/<name>/case.yaml` with object.yaml,
settings.yaml, world.yaml and so on. Names that start with `_` are no cases, but data that cases
share. Editors complete these keys with `cargo admit scaffold case-schema`.
A world says what cluster, registry, DNS, web and Chainloop hold; its format, with an example:
  https://github.com/admit-rs/admit/blob/main/docs/reference/world-files.md

Laws of mutations: a case that is as expected, and mutates, is asked more, and fails when one is broken.
  patch-gives-object       the patch applies, and makes the policy's object
  accepts-its-own          the policy accepts the object that it made
  twice-is-once            and changes nothing more
  keeps-unknown-fields     fields that no policy knows survive, and change no verdict
  leaves-server-fields     uid, resourceVersion, managedFields and the like, and names, stay
  no-mutation-on-delete    nothing is mutated on DELETE
  no-patch-with-rejection  a rejection carries no mutation
  declares-mutating        the metadata does not say that the policy does not mutate
What is broken on purpose is waived with a reason: in a case, or for all in cases/_suite.yaml.

Moved violations (--shapes, or `shapes: true` in cases/_suite.yaml): what a case shows to be rejected in a
pod spec is asked about in other places, and the test fails when it is accepted there.
  init-containers, ephemeral-containers, second-container
                           the rejected containers there, beside a harmless one
  pod, deployment, replica-set, stateful-set, daemon-set, job, cron-job, replication-controller
                           the same pod spec in another kind
  update                   an UPDATE from an object that is accepted
  dry-run                  a dry run
  delete                   the DELETE of the object, of accepted cases too, may not break the policy
  rules-deliver            the rules deliver to the policy what it rejects
Whether the violation came along, the policy is asked. What may pass is waived as laws are.

Faults (--faults, of policy crates and modules): every case that passes is run again for every host
call it makes (the first 100) and everything that can go wrong with the answer, the other answers
staying as they are.
  fail         the host fails
  timeout      the answer comes when the policy's time is up
  garbage      the answer is not JSON
  truncated    the answer breaks off in the middle
  other-shape  the answer is JSON, but a list with a text in it
  empty        no items, no addresses, an empty object
  many         3,000 items or addresses
With the first five the policy has no answer. It fails closed when the request does not enter: it
rejects, or gives no answer itself (an error, a trap, a limit), which Kubewarden rejects for it.
It fails open when it accepts. An empty or long answer is one that a cluster can give; for these it
is told whether the verdict stays the same. Traps are marked: a policy should rather reject and say
why. Cases in mode monitor are judged as in mode protect. Calls after the first 100 of a case are
left alone. A run that the clock ended, which happens on a very busy machine only, is `out of time`.

Mutants (--mutants, of policy crates and modules): shows what the cases would not notice. The policy's
own code is changed in its module, one change at a time, and the cases that reach the changed place are
run until one fails: it noticed. Changes that no case notices are listed with their source lines.
  comparisons    `<` became `<=`, `==` became `!=`
  branches       always taken, never taken; the other one of two values
  constants      one more or one less, in comparisons and in arithmetic
  logic          `i32.and` became `i32.or`
  texts          one letter of a text is another one
  host calls     a call is not made, and has no answer
A module of a crate is built with line tables, which tell what is the author's code; with a module that
has none, the names of its functions do, and only functions that a case reaches are changed. The code is
the same on every ABI, so that one is changed: the one with the most cases, waPC first.")]
pub(crate) struct Args {
    /// Folder of the policy crate, or a module, or a Chainloop policy.yaml, or its folder
    #[arg(default_value = ".", value_parser = policy::path())]
    path: PathBuf,
    /// Folder of the cases [default: the folder `cases` of the crate, or beside the file]
    #[arg(long, value_name = "FOLDER")]
    cases: Option<PathBuf>,
    /// ABIs to test, separated by commas: wapc, wasi, chainloop; every one that the crate offers when absent
    #[arg(long, value_delimiter = ',', value_name = "ABI")]
    abi: Vec<Abi>,
    /// Run only the cases that have this in their name
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// What answers the host calls of cases that have no `world` and no `session` of their own: a file or folder, in place
    /// of `cases/_world`
    #[arg(long, value_name = "PATH")]
    world: Option<PathBuf>,
    /// Let files name files outside of their folder: cases those outside of the folder of the policy, a world or a policy.yaml
    /// those outside of its own
    #[arg(long)]
    allow_outside: bool,
    /// Make each host call of each case go wrong in every way, and report whether the policy fails open or closed; with
    /// `closed`, failing open is a failure
    #[arg(long, value_name = "MODE", num_args = 0..=1, require_equals = true, default_missing_value = "report")]
    faults: Option<Faults>,
    /// With --faults: seconds that all runs with faults may take together [default: 600]
    #[arg(long, requires = "faults", value_name = "SECONDS", value_parser = super::seconds)]
    faults_timeout: Option<Duration>,
    /// With --faults: show what the policy says each time, and not only when it fails open or traps
    #[arg(long, requires = "faults")]
    fault_reasons: bool,
    /// Change the policy's own code in many ways, one at a time, and report which changes no case notices; at most N changes, a sample
    /// when there are more [default of N: 1000]
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "1000", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    mutants: Option<u32>,
    /// With --mutants: seconds that all runs of changed policies may take together; what is left then is not run [default: 300]
    #[arg(long, requires = "mutants", value_name = "SECONDS", value_parser = super::seconds)]
    mutants_time: Option<Duration>,
    /// With --mutants: fail when less of the changes that cases reach is noticed, or when there was no time to try all of them
    #[arg(long, requires = "mutants", value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    mutants_min: Option<u8>,
    /// Move what cases show to be rejected into other containers, other kinds, an UPDATE and a dry run; what is accepted there
    /// fails the test. Without it done where cases/_suite.yaml says `shapes: true`
    #[arg(long)]
    shapes: bool,
    /// Seconds that all moved violations may take together [default: 600]
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    shapes_timeout: Option<Duration>,
    /// Write what the policy answers into the files of the cases that expect something else, or have no `expect` yet, and say what was
    /// written; never that there is no answer, or that a law of mutations is broken
    #[arg(long)]
    bless: bool,
    /// Output format
    #[arg(long, default_value = "text")]
    format: Format,
    /// Also write a report for programs: junit, sarif, github (annotations), markdown or json, to a file; several when given
    /// several times. `github=-` and `markdown=-` go to stdout, behind the output
    #[arg(long, value_name = "FORMAT=FILE", value_parser = reports::Target::parse)]
    report: Vec<reports::Target>,
    /// Build with names and line tables, so that the backtrace of a trap shows source lines
    #[arg(long)]
    debug_info: bool,
    /// Show all of what goes to and comes from the host when a case fails, not only the start
    #[arg(long, short)]
    verbose: bool,
    /// Seconds that one operation may take, measured in fuel, so that a busy machine changes nothing: 2,000,000,000 units are a
    /// second [default: 10; on Chainloop 60]
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    timeout: Option<Duration>,
    /// The Kubewarden to pass for: policies that need a newer one are refused [default: 1.36.0]
    #[arg(long, value_name = "X.Y.Z")]
    kubewarden_version: Option<semver::Version>,
}

/// How long all runs with faults may take together, unless told otherwise.
const FAULTS_TIME: Duration = Duration::from_secs(600);

/// How long all runs of mutants may take together, unless told otherwise.
const MUTANTS_TIME: Duration = Duration::from_secs(300);

/// How long all moved violations may take together, unless told otherwise.
const SHAPES_TIME: Duration = Duration::from_secs(600);

/// What is made of policies that fail open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Faults {
    /// They are reported.
    Report,
    /// They fail the test: exit code 1.
    Closed,
}

/// Everything that a report is made of.
struct Report<'c> {
    package: &'c str,
    artifacts: &'c [Artifact],
    abis: usize,
    cases: usize,
    /// The cases themselves, those that `only` leaves out of some ABIs among them.
    suite: &'c [Case],
    runs: Vec<CaseRun<'c>>,
    /// `None` without `--faults`.
    faults: Option<FaultReport<'c>>,
    /// What `--faults` was given.
    mode: Option<Faults>,
    /// `None` without `--mutants`, and when cases fail.
    mutants: Option<MutantReport>,
    /// Whether there was `--mutants`.
    mutants_asked: bool,
    /// What `--mutants-min` was given.
    mutants_min: Option<u8>,
    /// Show the text of every fault.
    fault_reasons: bool,
    /// `None` when no violations are moved.
    shapes: Option<ShapeReport<'c>>,
    /// Whether there was `--shapes`, and not only a suite that asks for it.
    shapes_asked: bool,
    /// How much of host calls is shown.
    detail: Detail,
    /// Whether there was `--bless`.
    bless: bool,
    /// What it wrote, and what it did not.
    blessed: Vec<Blessing>,
    /// The policies without logic that pass all cases, too.
    stubs: Vec<Stub>,
}

impl Report<'_> {
    fn failed(&self) -> usize {
        self.runs.iter().filter(|run| !run.passed()).count()
    }

    /// Combinations of case and ABI that `only` leaves out.
    fn skipped(&self) -> usize {
        self.cases * self.abis - self.runs.len()
    }

    /// Whether cases notice less than they have to, or it is not known how much.
    fn too_many_survive(&self) -> bool {
        self.mutants.as_ref().zip(self.mutants_min).is_some_and(|(report, min)| {
            let (killed, all) = (report.killed(), report.killed() + report.survived());
            all == 0 || report.out_of_time > 0 || killed * 100 < all * usize::from(min)
        })
    }

    /// Whether it is a failure that a request enters although the policy had no answer.
    fn judges_faults(&self) -> bool {
        self.mode == Some(Faults::Closed)
    }

    /// How often a request entered although the policy had no answer, when that is a failure.
    fn closed_faults(&self) -> Option<usize> {
        let runs = self.faults.iter().filter(|_| self.judges_faults()).flat_map(|report| &report.runs);
        Some(runs.filter(|run| run.reaction == Reaction::Open).count()).filter(|open| *open > 0)
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    reports::prepare(args)?;
    let ran = ran(args);
    match &ran {
        // Reports of a run have these, or could not be written.
        Ok(_)
        | Err(CliError::Exhausted(_) | CliError::FaultsOutOfTime(_) | CliError::Output { .. } | CliError::Write(_)) => {
        }
        Err(error) => {
            if let Err(unwritten) = reports::write_error(args, error) {
                unwritten.report();
            }
        }
    }
    ran
}

fn ran(args: &Args) -> Result<Exit, CliError> {
    if let Some(path) = policy_file::named(&args.path) {
        if args.path.is_dir() {
            files::policy_file_in(&args.path, args.allow_outside)?;
        }
        return policy_file::run(args, &path);
    }
    if !policy::is_project(&args.path) {
        return module::run(args);
    }
    let project = Project::open(&args.path)?;
    let folder = args.cases_or(|| policy::shown(&project.folder().join("cases")));
    let cases =
        Cases { folder, policy: None, suite: args.suite(&policy::shown(project.folder())), abis: project.abis() };
    let loaded = cases.chosen(args, args.bless)?;
    if args.abi.is_empty() && project.abis() == [Abi::Wapc] {
        to_stderr(&output::text!(
            "{}only waPC is tested; with `wasi = [\"admit/wasi\"]` under [features] the policy is a WASI one, too{:#}",
            DIM,
            DIM
        ))?;
    }
    let engine = args.engine()?.compiling_here();
    let artifacts = policy::build(&project, &args.abi, args.debug_info || args.mutants.is_some(), &engine)?;
    let modules =
        artifacts.iter().map(|artifact| policy::open(&engine, &artifact.path)).collect::<Result<Vec<_>, _>>()?;
    let folder = Some(project.folder());
    run_on(args, &engine, (project.name(), folder), &artifacts, modules, (&cases, loaded))
}

/// Runs the cases on each of the modules, which are what the artifacts contain. A package that they were built from has a folder.
fn run_on(
    args: &Args,
    engine: &Engine,
    (package, folder): (&str, Option<&Path>),
    artifacts: &[Artifact],
    modules: Vec<PolicyModule>,
    (source, cases): (&Cases, Vec<Case>),
) -> Result<Exit, CliError> {
    for module in &modules {
        host::note_unknown(module.metadata())?;
    }
    case::check_fit(&cases, &modules).map_err(CliError::Inputs)?;
    if !cases.iter().any(|case| modules.iter().any(|module| case.applies_to(module.abi()))) {
        let abis: Vec<_> = artifacts.iter().map(|artifact| artifact.abi.to_string()).collect();
        return Err(CliError::NothingRuns(abis.join(" or ")));
    }
    let compiled = modules.into_iter().zip(artifacts);
    let policies = compiled.map(|(module, artifact)| policy::compile(engine, module, &artifact.path));
    let policies = &policies.collect::<Result<Vec<CompiledPolicy>, _>>()?;
    let mut options = args.options();
    options.capabilities = Arc::new(NoSource::new(NO_SOURCE));
    let (cases, blessed) = source.blessed(args, cases, Subjects::Modules(policies), &options)?;
    let cases = &cases[..];
    let runs = case::run_all(cases, policies, &options);
    let deadline = Deadline::after(args.faults_timeout.unwrap_or(FAULTS_TIME));
    let faults = args.faults.map(|_| faults::inject(cases, policies, &options, deadline));
    let mutants = match args.mutants {
        Some(most) if runs.iter().all(CaseRun::passed) => {
            Some(mutants::run(args, most, cases, (engine, folder), artifacts, &options)?)
        }
        _ => None,
    };
    let deadline = Deadline::after(args.shapes_timeout.unwrap_or(SHAPES_TIME));
    let moved = cases.iter().any(|case| case.shapes);
    let shapes = moved.then(|| shapes::moved(cases, policies, &options, deadline));
    let abis = artifacts.len();
    let report = Report {
        package,
        artifacts,
        abis,
        cases: cases.len(),
        suite: cases,
        bless: args.bless,
        blessed,
        stubs: stubs(args, &runs),
        runs,
        faults,
        mutants,
        mutants_asked: args.mutants.is_some(),
        mutants_min: args.mutants_min,
        mode: args.faults,
        fault_reasons: args.fault_reasons,
        shapes,
        shapes_asked: args.shapes,
        detail: Detail::of(args.verbose),
    };
    tell(args, &report)
}

impl Args {
    /// The folder of `--cases`, or else the default.
    fn cases_or(&self, default: impl FnOnce() -> PathBuf) -> PathBuf {
        self.cases.clone().unwrap_or_else(default)
    }

    /// Where the files may be that cases name: in the folder of the policy, or in that of `--cases` where it is elsewhere.
    fn suite(&self, policy: &Path) -> Suite {
        let policy = if policy.as_os_str().is_empty() { Path::new(".") } else { policy };
        let elsewhere = |cases: &&PathBuf| match (cases.canonicalize(), policy.canonicalize()) {
            (Ok(cases), Ok(policy)) => !cases.starts_with(policy),
            _ => true,
        };
        let folder = self.cases.as_ref().filter(elsewhere).map_or(policy, PathBuf::as_path);
        files::suite(folder, self.allow_outside)
    }

    /// A report does not depend on what else the machine does, so time is measured in fuel.
    fn options(&self) -> RunOptions {
        let mut options = policy::options(self.timeout);
        options.limits.timed_by = TimedBy::Fuel;
        options
    }

    fn engine(&self) -> Result<Engine, CliError> {
        policy::engine(self.kubewarden_version.clone().unwrap_or(KUBEWARDEN_VERSION))
    }
}

/// The policies without logic that pass everything that was run. Those that a filter chose need not show all that a suite does.
fn stubs(args: &Args, runs: &[CaseRun<'_>]) -> Vec<Stub> {
    if args.filter.is_some() {
        return Vec::new();
    }
    case::passing_stubs(runs.iter().map(|run| run.case))
}

/// The report, and the exit code that it stands for.
fn tell(args: &Args, report: &Report<'_>) -> Result<Exit, CliError> {
    let exhausted = report.runs.iter().find_map(|run| run.exhausted.clone()).map(CliError::Exhausted);
    let not_run = report.faults.as_ref().map(|faults| faults.out_of_time).filter(|not_run| *not_run > 0);
    let unfinished = exhausted.or(not_run.map(CliError::FaultsOutOfTime));
    match args.format {
        Format::Text => to_stdout(&reports::without_commands(args, text::render(report)))?,
        Format::Json => data_to_stdout(&Data::json(&json::render(report, reports::errors(unfinished.as_ref())))?)?,
    }
    reports::write(args, report, unfinished.as_ref())?;
    if let Some(unfinished) = unfinished {
        return Err(unfinished);
    }
    let open = report.closed_faults().is_some();
    let moved = report.shapes.as_ref().is_some_and(|shapes| shapes::failures(shapes) > 0);
    let unblessed = report.blessed.iter().any(|blessing| blessing.result.is_err());
    let passed = report.failed() == 0 && !open && !moved && !unblessed && !report.too_many_survive();
    Ok(if passed { Exit::Done } else { Exit::Rejected })
}
