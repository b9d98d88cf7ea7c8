//! `cargo admit run`.

mod deployment;
mod input;
mod mode;
mod names;
mod report;
mod resources;
mod subject;

use std::{path::PathBuf, time::Duration};

use admit_host::{
    Abi, CompiledPolicy, Engine, Platform, RunOptions,
    input::InputError,
    matching::Matching,
    outcome::{EvaluationOutcome, Failure, SettingsVerdict, Trace},
    request::{self, Operation},
};
use serde_json::{Map, Value};

use report::Report;
use subject::Subject;

use super::{Format, files, host, policy, spare::Input};
use crate::{
    error::CliError,
    exit::Exit,
    output::{BAD, DIM, Detail, GOOD, Telling, Text, hanging, headline, note, story, text, thousands, to_stderr},
};

/// Evaluates one request.
///
/// Checks the settings, then the request, as Kubewarden does. The AdmissionResponse is one line of JSON on stdout; what
/// happened, in words, goes to stderr. When the settings are not valid there is no AdmissionResponse and the exit code is 2;
/// so it is when the policy asks the host what neither --world nor --replay has an answer for.
///
/// A file with Kubewarden's custom resources (ClusterAdmissionPolicy, AdmissionPolicy and their groups, separated by `---` or
/// in a List), or policy-server's policies.yml, gives one line for each policy that is asked. Settings, grants and modes come
/// from the file. As an API server does, it asks a policy when its rules, selectors and matchConditions fit the request;
/// which policies were not asked, and why, goes to stderr.
///
/// Several objects (what `helm template` and `kubectl get -o yaml` print) are asked about one after the other. The exit code
/// is that of the worst answer, and a summary says which objects no rule is about.
///
/// A policy crate that is given is built, which runs its code (see `cargo admit build --help`); one that a file of policies names is
/// built with --build only.
///
/// kwctl's names of options are taken, too: --request-path, --settings-path, --allowed-host-capabilities,
/// --record-host-capabilities-interactions and --replay-host-capabilities-interactions.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit run policy.wasm --request review.json --settings settings.yaml
  kubectl get pod web -o yaml | cargo admit run examples/pod-privileged --request -
  cargo admit run policy.wasm --request review.json --world world/ --record session.yml
  cargo admit run policies.yaml --request pod.yaml --module registry://ghcr.io/org/policy:v1=policy.wasm
  helm template shop/ | cargo admit run policies.yaml --request - --format json")]
pub(crate) struct Args {
    /// The policy: a .wasm or .wat file, the folder of a policy crate, which is built first, or a .yml or .yaml file with policies
    #[arg(value_parser = policy::path())]
    policy: PathBuf,
    /// AdmissionReview, AdmissionRequest or plain Kubernetes object, in JSON or YAML, or several of them (YAML documents, or
    /// a list); `-` for stdin
    #[arg(short, long, value_name = "FILE", alias = "request-path")]
    request: PathBuf,
    /// Settings, in JSON or YAML
    #[arg(short, long, value_name = "FILE", alias = "settings-path", conflicts_with = "settings_json")]
    settings: Option<PathBuf>,
    /// Settings, as JSON or YAML text
    #[arg(long, value_name = "TEXT")]
    settings_json: Option<String>,
    /// Send the document as it is; not needed for policies whose metadata say that they are raw
    #[arg(long, conflicts_with_all = ["operation", "old_object", "user", "groups", "name", "namespace", "sub_resource"])]
    raw: bool,
    /// ABI to build a policy crate for: wapc, wasi or chainloop
    #[arg(long)]
    abi: Option<Abi>,
    /// The runtime that the module was made for, in kwctl's words (kubewarden, wasi, opa or gatekeeper): an error when it
    /// is for another
    #[arg(short, long, value_name = "MODE")]
    execution_mode: Option<mode::Mode>,
    /// For a plain object: CREATE, UPDATE, DELETE or CONNECT [default: what its kind or subresource says, else CREATE]
    #[arg(long)]
    operation: Option<Operation>,
    /// For an UPDATE of a plain object: the object as it is stored, in JSON or YAML
    #[arg(long, value_name = "FILE")]
    old_object: Option<PathBuf>,
    /// For a plain object: the user who asks [default: kubernetes-admin]
    #[arg(long)]
    user: Option<String>,
    /// For a plain object: a group of the user; can be repeated
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// For a plain object: its name
    #[arg(long)]
    name: Option<String>,
    /// For a plain object: its namespace
    #[arg(long)]
    namespace: Option<String>,
    /// For a plain object: the subresource, for example ephemeralcontainers
    #[arg(long)]
    sub_resource: Option<String>,
    /// Show all of what goes to and comes from the host, not only the start
    #[arg(long, short)]
    verbose: bool,
    /// Build with names and line tables, so that the backtrace of a trap shows source lines
    #[arg(long)]
    debug_info: bool,
    /// Output format: `text` is a line of JSON for each answer, `json` one document with everything that was asked, and what
    /// was not, and why
    #[arg(long, default_value = "text")]
    format: Format,
    /// Seconds that one operation may take; goes before `timeoutEvalSeconds` of a file [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    timeout: Option<Duration>,
    /// For a file with policies: build the policy crates that it names, which runs their code (build scripts and macros)
    #[arg(long)]
    build: bool,
    /// Let files name files outside of their folder: modules in a file with policies, files in a world
    #[arg(long)]
    allow_outside: bool,
    #[command(flatten)]
    deployment: deployment::Args,
    #[command(flatten)]
    host: host::Args,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    if resources::is_file(&args.policy) {
        return resources::run(args);
    }
    args.deployment.for_one_policy()?;
    if args.build {
        let message = "goes with a .yml or .yaml file that names policy crates; a crate that is given itself is built";
        return Err(InputError::whole("--build", message).into());
    }
    args.host.spare(&read_by(args, Input::policy(&args.policy, "the policy")), args.allow_outside)?;
    // Inputs first: a mistake in them shows before a build takes its time.
    let input = input::Input::read(args)?;
    let settings = read_settings(args)?;
    mode::of_a_crate(args)?;
    let source = args.host.read(args.allow_outside)?;
    let engine = policy::engine(args.deployment.kubewarden_version())?;
    let engine = policy::engine_for(&engine, &args.policy);
    let path = module(args, &engine)?;
    let module = policy::open(&engine, &path)?;
    if module.abi().platform() == Platform::Chainloop {
        let message =
            "is a policy of Chainloop, which is asked about materials and not about requests: use `cargo admit eval`";
        return Err(InputError::whole(args.policy.display().to_string(), message).into());
    }
    mode::of_a_module(args, module.abi())?;
    args.deployment.asked_by_audit(module.metadata())?;
    let subjects = input.subjects(module.is_raw())?;
    let host = args.host.host(source, module.metadata(), policy::options(args.timeout))?;
    let policy = policy::compile(&engine, module, &path)?;
    host.finish(evaluate(args, &policy, &subjects, &settings, &host.options))
}

/// The files that a run reads, but for those of its host.
fn read_by<'a>(args: &'a Args, policy: Input<'a>) -> Vec<Input<'a>> {
    let named = [
        ("--request", Some(&args.request)),
        ("--settings", args.settings.as_ref()),
        ("--old-object", args.old_object.as_ref()),
    ];
    let named = named.into_iter().filter_map(|(option, path)| Some(Input::named(option, path?)));
    named.chain([policy]).collect()
}

/// Checks the settings and evaluates each request.
fn evaluate(
    args: &Args,
    policy: &CompiledPolicy,
    subjects: &[Subject],
    settings: &Map<String, Value>,
    options: &RunOptions,
) -> Result<Exit, CliError> {
    let checked = policy.validate_settings(settings, options);
    let refused = match checked.verdict() {
        SettingsVerdict::Valid => None,
        SettingsVerdict::Invalid(why) => {
            Some(CliError::InvalidSettings(why.unwrap_or("it does not say why").to_owned()))
        }
        SettingsVerdict::Failed(failure) => Some(CliError::Settings(failure.clone())),
    };
    if let Some(error) = refused {
        to_stderr(&args.story(policy, &checked.trace, &error.to_string()))?;
        return Err(error);
    }
    let id = args.policy.display().to_string();
    let rules = policy.metadata().map(Matching::by_metadata);
    let mut report = Report::new(args.format, subjects);
    for subject in subjects {
        report.begin(subject)?;
        if let (Some(rules), Some(request)) = (&rules, subject.admission())
            && !rules.rules_match(request)
        {
            report.without_rule(subject);
        }
        let outcome = policy.validate(&subject.request, settings, options);
        if let Err(failure) = &outcome.result
            && failure.is_of_the_host()
        {
            // Whatever Kubewarden would answer, it is not known.
            to_stderr(&args.story(policy, &outcome.trace, &failure.to_string()))?;
            report.unanswerable(&id, subject, failure.clone())?;
            continue;
        }
        let outcome = args.deployment.applied(outcome, &args.policy);
        let verdict = verdict(policy, &outcome);
        to_stderr(&verdict)?;
        to_stderr(&args.story(policy, &outcome.trace, verdict.as_str()))?;
        report.answered(&id, subject, &outcome.response, outcome.result.is_err())?;
    }
    report.finish("no rule in the policy's metadata is about")
}

impl Args {
    /// What a run said and used, but for what is `told` besides.
    fn story(&self, policy: &CompiledPolicy, trace: &Trace, told: &str) -> Text {
        let telling = Telling { abi: policy.abi(), told, detail: Detail::of(self.verbose), indent: 2 };
        story(trace, telling)
    }
}

fn module(args: &Args, engine: &Engine) -> Result<PathBuf, CliError> {
    if !policy::is_project(&args.policy) {
        return match args.abi {
            Some(_) => Err(InputError::whole(
                args.policy.display().to_string(),
                "`--abi` chooses what a policy crate is built for; a module has the ABI it has",
            )
            .into()),
            None => Ok(args.policy.clone()),
        };
    }
    policy::module_of(&args.policy, args.abi, args.debug_info, engine)
}

/// The settings. Where kwctl reads something else is told.
fn read_settings(args: &Args) -> Result<Map<String, Value>, CliError> {
    let (bytes, name) = match (&args.settings, &args.settings_json) {
        (Some(path), _) => files::read_input(path)?,
        (None, Some(text)) if text.trim().is_empty() => {
            return Err(InputError::whole("--settings-json", "holds no settings; none are `{}`").into());
        }
        (None, Some(text)) => (text.clone().into_bytes(), "--settings-json".to_owned()),
        (None, None) => return Ok(Map::new()),
    };
    let settings = request::read_settings(&bytes, &name)?;
    for difference in request::settings_read_otherwise_by_kwctl(&bytes, &name)? {
        note(difference)?;
    }
    Ok(settings)
}

/// Most warnings, and audit annotations, that are shown in the text.
const MAX_REMARKS_SHOWN: usize = 20;

/// Most operations of a patch that are shown.
const MAX_OPERATIONS: usize = 50;

/// What was decided, with everything that goes along with it.
fn verdict(policy: &CompiledPolicy, outcome: &EvaluationOutcome) -> Text {
    let response = &outcome.response;
    let message = response.status.as_ref().and_then(|status| status.message.as_deref());
    let frames = match &outcome.result {
        Err(Failure::Trap { backtrace, .. }) => backtrace.as_deref(),
        _ => outcome.trace.stopped_at.as_deref(),
    };
    let mut lines = vec![match &outcome.result {
        Err(failure) => headline(BAD, "failed", Some(&failure.to_string())),
        Ok(answer) if response.allowed && !answer.accepted => {
            headline(GOOD, "accepted", Some("mode monitor lets in what the policy rejected"))
        }
        Ok(_) if response.allowed => headline(GOOD, "accepted", message),
        Ok(_) => headline(BAD, "rejected", message),
    }];
    if let Some(advice) = frames.and_then(|frames| names::advice(policy.inspection(), frames)) {
        lines.push(text!("  {}{}{:#}", DIM, advice, DIM));
    }
    let mut detail = |label: &'static str, content: &str| {
        lines.push(text!("  {}{:<9}{:#} {}", DIM, label, DIM, hanging(content, 12)));
    };
    if let Some(code) = response.status.as_ref().and_then(|status| status.code) {
        detail("code", &code.to_string());
    }
    let warnings = response.warnings.as_deref().unwrap_or_default();
    for warning in warnings.iter().take(MAX_REMARKS_SHOWN) {
        detail("warning", warning);
    }
    if warnings.len() > MAX_REMARKS_SHOWN {
        let more = thousands((warnings.len() - MAX_REMARKS_SHOWN) as u64);
        detail("warning", &format!("and {more} more warnings; all of them are in the response"));
    }
    let audit_annotations = response.audit_annotations.as_ref();
    for (key, value) in audit_annotations.into_iter().flatten().take(MAX_REMARKS_SHOWN) {
        detail("audit", &format!("{key}={value}"));
    }
    if let Some(more) = audit_annotations.map(|all| all.len()).filter(|all| *all > MAX_REMARKS_SHOWN) {
        let more = thousands((more - MAX_REMARKS_SHOWN) as u64);
        detail("audit", &format!("and {more} more audit annotations; all of them are in the response"));
    }
    let operations = outcome.patch.as_ref().map_or(&[][..], |patch| &patch.0);
    for operation in operations.iter().take(MAX_OPERATIONS) {
        detail("patch", &operation.to_string());
    }
    if operations.len() > MAX_OPERATIONS {
        let more = thousands((operations.len() - MAX_OPERATIONS) as u64);
        detail("patch", &format!("and {more} more operations; all of them are in the response"));
    }
    Text::join(&lines, "\n")
}
