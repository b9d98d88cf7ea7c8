//! Everything that can go wrong, and the exit code that goes with it.

use std::{
    io,
    path::{Path, PathBuf},
};

use admit_host::{
    LoadError,
    annotation::AnnotateError,
    artifact::BuildError,
    capabilities::{Mismatch, PatternError, SessionError},
    case::MutantsError,
    chainloop::{EvalError, PolicyFileError, PrepareError},
    diff::MergeError,
    group::GroupError,
    input::InputError,
    outcome::{Failure, SettingsOutcome, SettingsVerdict},
    scaffold::ScaffoldError,
    settings_schema::SchemaError,
    template::TemplateError,
};

use crate::{exit::Exit, output};

/// Why a command could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// An input is not valid.
    #[error(transparent)]
    Input(#[from] InputError),
    /// Several inputs are not valid.
    #[error("{}", lines(.0))]
    Inputs(Vec<InputError>),
    /// The policy refuses the settings.
    #[error("the policy does not accept these settings: {0}")]
    InvalidSettings(String),
    /// Policies refuse the settings that they are deployed with.
    #[error("{}", policies(.0))]
    PolicySettings(Vec<(String, SettingsOutcome)>),
    /// The policies cannot form a group.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// Nobody is asked: by the audit scanner, or by an API server.
    #[error("nothing was evaluated: {0}")]
    NothingEvaluated(String),
    /// Requests of a corpus about which nothing is known.
    #[error("{}", not_compared(*.unreadable, *.unanswerable))]
    NotCompared {
        /// How many could not be read.
        unreadable: u64,
        /// For how many a policy asked what there is no answer for.
        unanswerable: u64,
    },
    /// Reports do not add up.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// A policy without cases.
    #[error(
        "there are no cases in {}; a case is a file like\n\n    # {}/accepts-a-plain-pod.yaml\n    object: {{apiVersion: v1, \
         kind: Pod, metadata: {{name: web}}, spec: {{containers: [{{name: web, image: nginx}}]}}}}\n    expect: accept\n",
        .0.display(), .0.display()
    )]
    NoCases(PathBuf),
    /// A policy of Chainloop without cases.
    #[error(
        "there are no cases in {}; a case is a file like\n\n    # {}/accepts-an-empty-report.yaml\n    material: {{ results: [] }}\n    \
         kind: EVIDENCE\n    expect: success\n",
        .0.display(), .0.display()
    )]
    NoMaterialCases(PathBuf),
    /// A filter that leaves nothing.
    #[error("no case has `{filter}` in its name; {}", there_are(cases))]
    NothingMatches {
        /// The filter.
        filter: String,
        /// The names of all cases, of which there is one at least.
        cases: Vec<String>,
    },
    /// Cases that are all meant for other ABIs.
    #[error("no case runs on {0}; look at `only` in the case files")]
    NothingRuns(String),
    /// `--faults` that took too long.
    #[error(
        "the time for runs with faults was up before {0} of them; give more of it with --faults-timeout, or name fewer cases with --filter"
    )]
    FaultsOutOfTime(usize),
    /// There are no mutants.
    #[error(transparent)]
    Mutants(#[from] MutantsError),
    /// A module that cannot be loaded.
    #[error("{}{source}", match source { LoadError::Read { .. } => String::new(), _ => format!("{}: ", path.display()) })]
    Load {
        /// The module.
        path: PathBuf,
        /// Why.
        source: LoadError,
    },
    /// The engine cannot be set up.
    #[error(transparent)]
    Engine(LoadError),
    /// The policy gave no answer when it was asked about its settings.
    #[error("the policy failed while it checked the settings: {0}")]
    Settings(Failure),
    /// The policy asked what the source of this run has no answer for.
    #[error("{0}")]
    Unanswerable(Failure),
    /// This machine had not enough memory, or no thread, for what was asked.
    #[error("{0}")]
    Exhausted(String),
    /// A strict replay was asked for other calls than the recorded ones.
    #[error("{}", mismatches(.0))]
    Mismatches(Vec<Mismatch>),
    /// A pattern of `--allow-host-capability` names nothing.
    #[error("Invalid host capabilities pattern: {0}")]
    HostCapabilities(PatternError),
    /// `--allow-context-aware` without anything declared.
    #[error(
        "--allow-context-aware grants what the policy's metadata declares, and this policy has no metadata; annotate it, or \
         leave the option out: without metadata a policy may read everything"
    )]
    NothingDeclared,
    /// The recording cannot be written.
    #[error(transparent)]
    Record(#[from] SessionError),
    /// The policy could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A policy file of Chainloop cannot be used.
    #[error(transparent)]
    PolicyFile(#[from] PolicyFileError),
    /// The modules of a policy file are not ready.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// There is no result of an evaluation.
    #[error("{}", Self::told(.0))]
    Eval(EvalError),
    /// No project was made.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A project without a name.
    #[error("a project needs a name: `cargo admit new my-policy`")]
    NoName,
    /// No template was chosen.
    #[error("no template was chosen; give one with --template, or run `cargo admit new --help` to see them")]
    NoTemplate,
    /// The schema of the settings is not known.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A module cannot be annotated.
    #[error("{}: {source}", path.display())]
    Annotate {
        /// The module.
        path: PathBuf,
        /// Why.
        source: AnnotateError,
    },
    /// A module without metadata.
    #[error(
        "No Kubewarden metadata found inside of '{}'.\nPolicies can be annotated with the `cargo admit annotate` command; \
         `cargo admit build` does it for crates with [package.metadata.admit].",
        .0.display()
    )]
    NotAnnotated(PathBuf),
    /// A document cannot be made of the metadata.
    #[error("{}: {source}", path.display())]
    Scaffold {
        /// Where the metadata is.
        path: PathBuf,
        /// Why.
        source: ScaffoldError,
    },
    /// The folder of compiled modules cannot be looked at or cleared.
    #[error("the compiled modules in {} cannot be listed or removed: {error}; look at whom the folder belongs to", path.display())]
    Cache {
        /// The folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Nobody knows where compiled modules would be kept.
    #[error("compiled modules are kept nowhere: set HOME, or XDG_CACHE_HOME, to an absolute path")]
    NoCache,
    /// An output file cannot be written.
    #[error("cannot write {}: {error}; {}", path.display(), to_write(path))]
    Output {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[from] io::Error),
}

impl CliError {
    /// Tells the error on stderr.
    pub(crate) fn report(&self) {
        // An error of stderr itself cannot be reported.
        let _ = output::to_stderr(&output::remark(output::BAD, "error", self));
    }

    /// What is told about an evaluation without a result.
    pub(crate) fn told(error: &EvalError) -> String {
        format!("{error}{}", eval_advice(error))
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Annotate { source: AnnotateError::ProtocolVersion(_), .. } => Exit::Misbehaved,
            Self::Input(_)
            | Self::Annotate { .. }
            | Self::Inputs(_)
            | Self::InvalidSettings(_)
            | Self::Group(_)
            | Self::NothingEvaluated(_)
            | Self::NotCompared { .. }
            | Self::Merge(_)
            | Self::NoCases(_)
            | Self::NoMaterialCases(_)
            | Self::NothingMatches { .. }
            | Self::NothingRuns(_)
            | Self::FaultsOutOfTime(_)
            | Self::Mutants(_)
            | Self::Load { .. }
            | Self::Engine(_)
            | Self::NotAnnotated(_)
            | Self::PolicyFile(_)
            | Self::Prepare(_)
            | Self::Template(_)
            | Self::NoName
            | Self::NoTemplate
            | Self::Scaffold { .. }
            | Self::Cache { .. }
            | Self::NoCache
            | Self::Output { .. }
            | Self::Unanswerable(_)
            | Self::Exhausted(_)
            | Self::Mismatches(_)
            | Self::HostCapabilities(_)
            | Self::NothingDeclared
            | Self::Record(_)
            | Self::Write(_) => Exit::BadInput,
            Self::Settings(failure) if failure.is_of_the_host() => Exit::BadInput,
            Self::PolicySettings(policies) if !policies.iter().any(|(_, outcome)| failed(outcome)) => Exit::BadInput,
            Self::PolicySettings(_) | Self::Settings(_) => Exit::Misbehaved,
            Self::Eval(EvalError::Output(_)) => Exit::Misbehaved,
            Self::Eval(error) => match error.failure() {
                Some(failure) if !failure.is_of_the_host() => Exit::Misbehaved,
                _ => Exit::BadInput,
            },
            Self::Schema(SchemaError::Failed { .. }) => Exit::Misbehaved,
            Self::Schema(SchemaError::NoSchema { .. }) => Exit::NoBuild,
            Self::Schema(SchemaError::Build(error)) if !error.is_usage() => Exit::NoBuild,
            Self::Schema(_) => Exit::BadInput,
            Self::Build(error) if error.is_usage() => Exit::BadInput,
            Self::Build(_) => Exit::NoBuild,
        }
    }
}

/// What was not compared, and what helps.
fn not_compared(unreadable: u64, unanswerable: u64) -> String {
    let mut parts = Vec::new();
    if unreadable > 0 {
        parts.push(format!("{unreadable} could not be read; correct them, or leave them out with --skip-unreadable"));
    }
    if unanswerable > 0 {
        parts
            .push(format!("for {unanswerable} a policy asked its host what the world does not say; add it to --world"));
    }
    format!("not everything was compared: {}", parts.join("; "))
}

/// What to do, where Chainloop's words do not say it.
fn eval_advice(error: &EvalError) -> &'static str {
    match error {
        EvalError::Inputs(_) => "; inputs are given with `--input NAME=VALUE`",
        EvalError::OnlyByName(_) => "; give the name with --material-name, as a contract would",
        _ => "",
    }
}

/// Which calls they were, and what helps: another order does when the session has all of them.
fn mismatches(mismatches: &[Mismatch]) -> String {
    let any_order = match mismatches.iter().all(|mismatch| mismatch.recorded) {
        true => "; give `--replay-order any`, with which calls may come in any order",
        false => "",
    };
    let calls: Vec<String> = mismatches.iter().map(|mismatch| format!("\n{mismatch}")).collect();
    format!(
        "the policy did not make the recorded calls in their order, so its answer is not the one it gives to what was \
         recorded{any_order}; record the session again; or give `--replay-missing error`, with which the policy has the error of \
         kwctl's replay, and its answer counts{}",
        calls.concat()
    )
}

/// Whether the policy gave no answer about its settings, rather than refusing them.
fn failed(outcome: &SettingsOutcome) -> bool {
    matches!(outcome.verdict(), SettingsVerdict::Failed(failure) if !failure.is_of_the_host())
}

/// In Kubewarden's words, each behind the id of the policy.
fn policies(refused: &[(String, SettingsOutcome)]) -> String {
    let line = |(id, outcome): &(String, SettingsOutcome)| {
        let message = outcome.response.message.as_deref().unwrap_or("no message");
        format!("{id}: Policy settings are invalid: {message}")
    };
    refused.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The first names; more would be no help.
fn there_are(cases: &[String]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<_> = cases.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let (names, more) = (names.join(", "), if cases.len() > SHOWN { ", …" } else { "" });
    match cases.len() {
        1 => format!("the only case is {names}"),
        count => format!("there are {count} cases: {names}{more}"),
    }
}

/// What to do about a file that cannot be written.
fn to_write(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.exists()) {
        Some(folder) => format!("there is no folder {}, make it first", folder.display()),
        None => "the file was left as it is".to_owned(),
    }
}

fn lines(errors: &[InputError]) -> String {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    errors.join("\n")
}
