//! `cargo admit diff`.

mod merge;
mod side;
mod text;

use std::{
    io::{BufReader, stdin},
    path::{Path, PathBuf},
    time::Duration,
};

use admit_host::{
    KUBEWARDEN_VERSION,
    diff::{Corpus, DiffOptions, Reason, Report, Shard, compare, read_allowed},
    input::InputError,
};

use super::{Format, policy};
use crate::{
    error::CliError,
    exit::Exit,
    output::{Counter, Data, data_to_stdout, to_stdout},
};

/// Compares what two versions of a policy decide.
///
/// Both are asked about every request of a corpus, and what changed is shown in groups, with a few examples of each. What counts is
/// what a cluster sees: whether the request is allowed, the message, the code, warnings, entries for the audit log, the object that is
/// stored (two patches that give one object are equal), and which questions the host is asked. The two may be modules of different
/// ABIs and SDKs.
///
/// A corpus is made of files and folders, with everything in them that is called .yaml, .yml, .json, .jsonl, .ndjson or .log. They hold
/// what `cargo admit run` takes (objects, AdmissionReviews, AdmissionRequests, several documents, lists), so that the folder of
/// `kubectl cluster-info dump --output-directory` is one; or the audit log of an API server, whose creations, updates and deletions
/// become requests. What is left out is counted, with the reason. Files are read bit by bit, so a log may have any size; a document may
/// have 64 MiB.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "cargo admit diff [OPTIONS] <OLD> <NEW> --requests <PATH>...\n       cargo admit diff --merge <FILE>...",
    after_help = "\
Examples:
  cargo admit diff old.wasm new.wasm --requests dump/
  kubectl get pods -A -o yaml | cargo admit diff old.wasm new.wasm --requests -
  cargo admit diff old.wasm . --requests audit.log --world world/ --allow allow.yaml
  cargo admit diff old.wasm new.wasm --requests audit/ --shard 1/2 --format json > 1.json
  cargo admit diff --merge 1.json 2.json

Changes that are meant are listed in the file of --allow. An entry allows the changes that fit all
of its patterns, in which * stands for any text and ? for a character. Entries that allow nothing
are told.
  - change: accept-to-reject
    where: { kind: Pod, namespace: 'team-*', name: '*', operation: CREATE, message: '*privileged' }
    why: these teams were told in May
The message is the new one, and where there is none the old one; of a mutation it is each path that
differs, of host calls each operation, of warnings each that is new.

The release that changes ask for:
  major  accept-to-reject, accept-to-error, reject-to-error, mutation
  minor  reject-to-accept, error-to-accept, warnings (new ones), host-calls (new ones)
  patch  error-to-reject, message, code, error (another text of it), fewer-warnings,
         fewer-host-calls, audit-annotations; and no change
A request whose verdict changed has that change only. Fuel is told, and is no change.

Exit codes: 0 no change, or none that is not allowed; 1 other changes; 2 not all was compared."
)]
pub(crate) struct Args {
    /// The policy before: a .wasm or .wat file, or the folder of a policy crate, which is built first
    #[arg(value_parser = policy::path(), required_unless_present = "merge")]
    old: Option<PathBuf>,
    /// The policy now
    #[arg(value_parser = policy::path(), required_unless_present = "merge")]
    new: Option<PathBuf>,
    /// Files and folders with requests; `-` for stdin
    #[arg(short, long, value_name = "PATH", num_args = 1.., required_unless_present = "merge")]
    requests: Vec<PathBuf>,
    /// Settings of both policies, in JSON or YAML
    #[arg(short, long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Settings of the policy before, in place of --settings
    #[arg(long, value_name = "FILE")]
    old_settings: Option<PathBuf>,
    /// Settings of the policy now, in place of --settings
    #[arg(long, value_name = "FILE")]
    new_settings: Option<PathBuf>,
    /// Answer host calls from a world in files: a file, or a folder such as `kubectl get … -o yaml` fills
    #[arg(long, value_name = "PATH")]
    world: Option<PathBuf>,
    /// The changes that are meant: a list in YAML
    #[arg(long, value_name = "FILE")]
    allow: Option<PathBuf>,
    /// Look at one of N parts of the corpus, into which requests come by their content; --merge adds up the reports of all of them,
    /// in JSON
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Make the report of a whole corpus of those of all its shards
    #[arg(
        long, value_name = "FILE", num_args = 1..,
        conflicts_with_all = ["old", "new", "requests", "settings", "old_settings", "new_settings", "world", "allow", "shard", "raw", "ignore_rules", "timeout", "kubewarden_version", "allow_outside"]
    )]
    merge: Vec<PathBuf>,
    /// Do not fail because of what cannot be read; it is counted all the same
    #[arg(long)]
    skip_unreadable: bool,
    /// Ask about everything, also about what no rule in the metadata of either policy names
    #[arg(long)]
    ignore_rules: bool,
    /// Send each document as it is; not needed for policies whose metadata say that they are raw
    #[arg(long)]
    raw: bool,
    /// Output format
    #[arg(long, default_value = "text")]
    format: Format,
    /// Seconds that one operation may take, measured in fuel, so that a busy machine changes nothing [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    timeout: Option<Duration>,
    /// Let a world name files outside of its folder
    #[arg(long)]
    allow_outside: bool,
    /// The Kubewarden to pass for: policies that need a newer one are refused [default: 1.36.0]
    #[arg(long, value_name = "X.Y.Z")]
    kubewarden_version: Option<semver::Version>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let (Some(old), Some(new)) = (&args.old, &args.new) else {
        return tell(args, &merge::reports(&args.merge)?);
    };
    // Inputs first: a mistake in them shows before a build takes its time.
    let corpus = corpus(&args.requests)?;
    let allowed = args.allow.as_deref().map(read_allowed).transpose()?.unwrap_or_default();
    let settings = side::settings(args)?;
    let world = side::world(args)?;
    let engine = policy::engine(args.kubewarden_version.clone().unwrap_or(KUBEWARDEN_VERSION))?;
    let modules = [side::open(&engine, old)?, side::open(&engine, new)?];
    let raw = args.raw || side::both_raw(&modules)?;
    let [old, new] = side::ready(args, &engine, modules, settings, &world)?;
    let options = DiffOptions { raw, ignore_rules: args.ignore_rules, shard: args.shard, allowed };
    let counter = Counter::new("requests");
    let report = compare(corpus, &old, &new, &options, |done| counter.tell(done)).map_err(CliError::Exhausted)?;
    drop(counter);
    tell(args, &report)
}

/// Checks the arguments that each Pod of a Job is started with, to which the Job adds the shard and the format.
///
/// # Errors
///
/// What is wrong, and what to do.
pub(crate) fn check_arguments_of_job(arguments: &[String]) -> Result<(), String> {
    let command =
        <Args as clap::Args>::augment_args(clap::Command::new("diff").no_binary_name(true).disable_help_flag(true));
    let matches = command.try_get_matches_from(arguments).map_err(|error| {
        let text = error.render().to_string();
        let first = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        format!("behind `--` are the arguments of `cargo admit diff`: {}", first.trim())
    })?;
    let args = <Args as clap::FromArgMatches>::from_arg_matches(&matches).map_err(|error| error.to_string())?;
    let given = [
        (args.shard.is_some(), "--shard is that of each Pod, and given by the Job"),
        (!args.merge.is_empty(), "--merge is for the reports of the Job, when it is complete"),
        (
            matches.value_source("format") == Some(clap::parser::ValueSource::CommandLine),
            "--format is given by the Job",
        ),
        (
            args.requests.iter().any(|path| is_stdin(path)),
            "a Pod has nothing on its stdin; give a path in the container",
        ),
    ];
    given.into_iter().find(|(given, _)| *given).map_or(Ok(()), |(_, why)| Err(why.to_owned()))
}

fn corpus(paths: &[PathBuf]) -> Result<Corpus, CliError> {
    if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(InputError::whole("-", "stdin can be read once").into());
    }
    let mut corpus = Corpus::new();
    for path in paths {
        if is_stdin(path) {
            corpus.add_stream("<stdin>", Box::new(BufReader::new(stdin())));
        } else {
            corpus.add(path)?;
        }
    }
    Ok(corpus)
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The report, and the exit code that it stands for.
fn tell(args: &Args, report: &Report) -> Result<Exit, CliError> {
    match args.format {
        Format::Text => to_stdout(&text::render(report))?,
        Format::Json => data_to_stdout(&Data::json(report)?)?,
    }
    let left = |reason| report.left_out.get(&reason).map_or(0, |left| left.count);
    let unreadable = if args.skip_unreadable { 0 } else { left(Reason::Unreadable) };
    let unanswerable = left(Reason::Unanswerable);
    if unreadable + unanswerable > 0 {
        return Err(CliError::NotCompared { unreadable, unanswerable });
    }
    // A shard may be empty.
    if report.requests == 0 && report.shard.is_none() {
        let message = "there is no request in the corpus that both policies can be asked about";
        return Err(CliError::NothingEvaluated(message.to_owned()));
    }
    Ok(if report.not_allowed() == 0 { Exit::Done } else { Exit::Rejected })
}
