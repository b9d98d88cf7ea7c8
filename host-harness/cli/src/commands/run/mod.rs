//! `cargo admit run`.

mod deployment;
mod input;
mod resources;

use std::{path::PathBuf, time::Duration};

use admit_host::{
    Abi, CompiledPolicy, Platform, RunOptions,
    input::InputError,
    outcome::{EvaluationOutcome, Failure},
    request::{self, Operation, Request},
};
use serde_json::{Map, Value};

use super::{files, host, policy, spare::Input};
use crate::{
    error::CliError,
    exit::Exit,
    output::{BAD, DIM, GOOD, hanging, headline, story, thousands, to_stderr, to_stdout},
};

/// Evaluates one request.
///
/// Checks the settings, then the request, as Kubewarden does. The AdmissionResponse is one line of JSON on stdout; what
/// happened, in words, goes to stderr. When the settings are not valid there is no AdmissionResponse and the exit code is 2;
/// so it is when the policy asks the host what neither --world nor --replay has an answer for.
///
/// A file with Kubewarden's custom resources (ClusterAdmissionPolicy, AdmissionPolicy and their groups, separated by `---`),
/// or policy-server's policies.yml, gives one line for each policy. Settings, grants and modes come from the file.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit run policy.wasm --request review.json --settings settings.yaml
  kubectl get pod web -o yaml | cargo admit run examples/pod-privileged --request -
  cargo admit run policy.wasm --request review.json --world world/ --record session.yml
  cargo admit run policies.yaml --request pod.yaml --module registry://ghcr.io/org/policy:v1=policy.wasm")]
pub(crate) struct Args {
    /// The policy: a .wasm or .wat file, the folder of a policy crate, which is built first, or a .yml or .yaml file with policies
    policy: PathBuf,
    /// AdmissionReview, AdmissionRequest or plain Kubernetes object, in JSON or YAML; `-` for stdin
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// Settings, in JSON or YAML
    #[arg(long, value_name = "FILE", conflicts_with = "settings_json")]
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
    /// For a plain object: CREATE (the default), UPDATE, DELETE or CONNECT
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
    /// Build with names and line tables, so that the backtrace of a trap shows source lines
    #[arg(long)]
    debug_info: bool,
    /// Seconds that one operation may take [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    timeout: Option<Duration>,
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
    args.host.spare(&read_by(args, Input::policy(&args.policy, "the policy")))?;
    // Inputs first: a mistake in them shows before a build takes its time.
    let input = input::Input::read(args)?;
    let settings = read_settings(args)?;
    let source = args.host.read()?;
    let engine = policy::engine(args.deployment.kubewarden_version())?;
    let policy = policy::load(&engine, &module(args)?)?;
    if policy.abi().platform() == Platform::Chainloop {
        let message =
            "is a policy of Chainloop, which is asked about materials and not about requests: use `cargo admit eval`";
        return Err(InputError::whole(args.policy.display().to_string(), message).into());
    }
    args.deployment.asked_by_audit(policy.metadata())?;
    let request = input.request(policy.is_raw())?;
    let host = args.host.host(source, &policy, policy::options(args.timeout))?;
    host.finish(evaluate(args, &policy, &request, &settings, &host.options))
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

/// Checks the settings and evaluates the request.
fn evaluate(
    args: &Args,
    policy: &CompiledPolicy,
    request: &Request,
    settings: &Map<String, Value>,
    options: &RunOptions,
) -> Result<Exit, CliError> {
    let checked = policy.validate_settings(settings, options);
    match checked.result {
        Ok(answer) if answer.valid => {}
        Ok(answer) => {
            to_stderr(&story(policy.abi(), &checked.trace, 2))?;
            return Err(CliError::InvalidSettings(answer.message.unwrap_or_else(|| "it does not say why".to_owned())));
        }
        Err(failure) => {
            to_stderr(&story(policy.abi(), &checked.trace, 2))?;
            return Err(CliError::Settings(failure));
        }
    }
    let outcome = policy.validate(request, settings, options);
    if let Err(failure @ Failure::Unanswerable(_)) = outcome.result {
        // Kubewarden's answer is not known, so there is none on stdout.
        to_stderr(&story(policy.abi(), &outcome.trace, 2))?;
        return Err(CliError::Unanswerable(failure));
    }
    let outcome = args.deployment.applied(outcome, &args.policy);
    to_stderr(&verdict(&outcome))?;
    to_stderr(&story(policy.abi(), &outcome.trace, 2))?;
    to_stdout(&serde_json::to_string(&outcome.response).map_err(std::io::Error::from)?)?;
    Ok(match &outcome.result {
        Err(_) => Exit::Misbehaved,
        Ok(_) if outcome.response.allowed => Exit::Done,
        Ok(_) => Exit::Rejected,
    })
}

fn module(args: &Args) -> Result<PathBuf, CliError> {
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
    policy::module_of(&args.policy, args.abi, args.debug_info)
}

fn read_settings(args: &Args) -> Result<Map<String, Value>, CliError> {
    Ok(match (&args.settings, &args.settings_json) {
        (Some(path), _) => {
            let (bytes, name) = files::read_input(path)?;
            request::read_settings(&bytes, &name)?
        }
        (None, Some(text)) => request::read_settings(text.as_bytes(), "--settings-json")?,
        (None, None) => Map::new(),
    })
}

/// Most operations of a patch that are shown.
const MAX_OPERATIONS: usize = 50;

/// The outcome as text: the verdict, with message, code, warnings, audit annotations and patch.
fn verdict(outcome: &EvaluationOutcome) -> String {
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
    if frames.is_some_and(|frames| !frames.contains("\n            at ")) {
        lines.push(format!("  {DIM}for source lines, run a policy folder with --debug-info{DIM:#}"));
    }
    let mut detail = |label: &str, text: &str| {
        lines.push(format!("  {DIM}{label:<9}{DIM:#} {}", hanging(text, 12)));
    };
    if let Some(code) = response.status.as_ref().and_then(|status| status.code) {
        detail("code", &code.to_string());
    }
    for warning in response.warnings.iter().flatten() {
        detail("warning", warning);
    }
    for (key, value) in response.audit_annotations.iter().flatten() {
        detail("audit", &format!("{key}={value}"));
    }
    let operations = outcome.patch.as_ref().map_or(&[][..], |patch| &patch.0);
    for operation in operations.iter().take(MAX_OPERATIONS) {
        detail("patch", &operation.to_string());
    }
    if operations.len() > MAX_OPERATIONS {
        let more = thousands((operations.len() - MAX_OPERATIONS) as u64);
        detail("patch", &format!("and {more} more operations; all of them are in the response"));
    }
    lines.join("\n")
}
