//! `cargo admit run` with a file of policies.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use admit_host::{
    CompiledPolicy, RunOptions,
    group::GroupOutcome,
    input::InputError,
    outcome::{Failure, SettingsOutcome},
    policy_resource::{self, Deployed, DeploymentOutcome, PolicyResource},
    request::Request,
};

use super::{Args, input::Input, policy, verdict};
use crate::{
    commands::spare,
    error::CliError,
    exit::Exit,
    output::{BAD, DIM, GOOD, NOTICE, hanging, headline, printable, story, to_stderr, to_stdout},
};

/// Whether `path` names a file of policies rather than a policy.
pub(super) fn is_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}

pub(super) fn run(args: &Args) -> Result<Exit, CliError> {
    nothing_that_the_file_says(args)?;
    let modules = args.deployment.modules()?;
    let resources = policy_resource::read(&args.policy, &modules)?;
    every_module_is_used(modules.keys(), &resources)?;
    let mut read = super::read_by(args, spare::Input::File(&args.policy, "the file of policies".to_owned()));
    let named = format!("a module that {} names", args.policy.display());
    read.extend(resources.iter().flat_map(|r| r.body.policies()).map(|p| spare::Input::policy(&p.path, &named)));
    args.host.spare(&read)?;
    let input = Input::read(args)?;
    let host = args.host.answer(args.host.read()?, policy::options(args.timeout));

    let policies = deploy(args, &resources, &host.options)?;
    let policies = asked(args, &policies)?;
    settings_are_valid(&policies)?;
    // All of them before the first answer: a mistake in the request leaves nothing on stdout.
    let requests: Vec<Request> = policies.iter().map(|p| input.request(p.is_raw())).collect::<Result<_, _>>()?;

    host.finish(evaluate(args, &policies, &requests))
}

/// Evaluates each policy; the exit code is that of the worst.
fn evaluate(args: &Args, policies: &[&Deployed], requests: &[Request]) -> Result<Exit, CliError> {
    let mut worst = Exit::Done;
    for (policy, request) in policies.iter().zip(requests) {
        let evaluated = if args.deployment.audit { policy.audit(request) } else { policy.validate(request) };
        to_stderr(&format!("{DIM}{}{DIM:#}", printable(policy.id())))?;
        to_stderr(&told(policy, &evaluated))?;
        if let Some(failure) = unanswerable(&evaluated) {
            // Kubewarden's answer is not known, so there is none on stdout.
            return Err(CliError::Unanswerable(failure.clone()));
        }
        to_stdout(&serde_json::to_string(evaluated.response()).map_err(std::io::Error::from)?)?;
        let exit = match evaluated.failed() {
            true => Exit::Misbehaved,
            false if evaluated.response().allowed => Exit::Done,
            false => Exit::Rejected,
        };
        worst = if exit as u8 > worst as u8 { exit } else { worst };
    }
    Ok(worst)
}

fn nothing_that_the_file_says(args: &Args) -> Result<(), CliError> {
    let given = [
        (args.settings.is_some(), "--settings"),
        (args.settings_json.is_some(), "--settings-json"),
        (args.raw, "--raw"),
        (args.abi.is_some(), "--abi"),
    ];
    let given = given.iter().find(|(given, _)| *given).map(|(_, option)| *option);
    match given.or_else(|| args.deployment.said_by_file()).or_else(|| args.host.grants()) {
        Some(option) => Err(InputError::whole(
            args.policy.display().to_string(),
            format!("`{option}` does not go with a file of policies, which says it for each of them"),
        )
        .into()),
        None => Ok(()),
    }
}

fn every_module_is_used<'m>(
    mut uris: impl Iterator<Item = &'m String>,
    resources: &[PolicyResource],
) -> Result<(), CliError> {
    let used = |uri: &String| resources.iter().flat_map(|r| r.body.policies()).any(|policy| policy.uri == *uri);
    match uris.find(|uri| !used(uri)) {
        Some(uri) => Err(InputError::whole("--module", format!("no policy in the file has the module `{uri}`")).into()),
        None => Ok(()),
    }
}

/// Builds and loads every module once.
fn deploy(args: &Args, resources: &[PolicyResource], options: &RunOptions) -> Result<Vec<Deployed>, CliError> {
    let engine = policy::engine(args.deployment.kubewarden_version())?;
    let mut loaded: BTreeMap<PathBuf, CompiledPolicy> = BTreeMap::new();
    let mut load = |path: &Path| -> Result<CompiledPolicy, CliError> {
        if let Some(policy) = loaded.get(path) {
            return Ok(policy.clone());
        }
        let policy = policy::load(&engine, &policy::module_of(path, None, args.debug_info)?)?;
        loaded.insert(path.to_owned(), policy.clone());
        Ok(policy)
    };
    resources.iter().map(|resource| resource.deploy(options, &mut load)).collect()
}

/// The policies that the request goes to; the audit scanner skips some.
fn asked<'d>(args: &Args, policies: &'d [Deployed]) -> Result<Vec<&'d Deployed>, CliError> {
    if !args.deployment.audit {
        return Ok(policies.iter().collect());
    }
    let mut asked = Vec::new();
    let mut skipped = Vec::new();
    for policy in policies {
        match policy.skipped_by_audit() {
            Some(reason) => skipped.push(format!("{}: {reason}", policy.id())),
            None => asked.push(policy),
        }
    }
    if asked.is_empty() {
        return Err(CliError::NotAudited(skipped.join("\n")));
    }
    for skipped in skipped {
        to_stderr(&format!("{NOTICE}skipped{NOTICE:#}: {}", printable(&skipped)))?;
    }
    Ok(asked)
}

/// policy-server does not start with a policy that refuses its settings.
fn settings_are_valid(policies: &[&Deployed]) -> Result<(), CliError> {
    let refused: Vec<(String, SettingsOutcome)> = policies
        .iter()
        .flat_map(|policy| policy.validate_settings())
        .filter(|(_, outcome)| !outcome.response.valid)
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(CliError::PolicySettings(refused)) }
}

/// The failure that the host has no answer to a call, if there is one.
fn unanswerable(evaluated: &DeploymentOutcome) -> Option<&Failure> {
    let failures: Vec<_> = match evaluated {
        DeploymentOutcome::Policy(outcome) => vec![outcome.result.as_ref().err()],
        DeploymentOutcome::Group(outcome) => {
            outcome.members.iter().map(|asked| asked.outcome.result.as_ref().err()).collect()
        }
    };
    failures.into_iter().flatten().find(|failure| matches!(failure, Failure::Unanswerable(_)))
}

fn told(policy: &Deployed, evaluated: &DeploymentOutcome) -> String {
    match evaluated {
        DeploymentOutcome::Policy(outcome) => {
            let abi = policy.policies().first().map(|member| member.policy.abi());
            let story = abi.map(|abi| story(abi, &outcome.trace, 2)).unwrap_or_default();
            format!("{}\n{story}", verdict(outcome))
        }
        DeploymentOutcome::Group(outcome) => group(policy, outcome),
    }
}

/// The outcome of a group as text, with each member that was evaluated.
fn group(policy: &Deployed, outcome: &GroupOutcome) -> String {
    let message = outcome.response.status.as_ref().and_then(|status| status.message.as_deref());
    let mut lines = vec![match &outcome.result {
        Err(error) => headline(BAD, "failed", Some(error)),
        Ok(false) if outcome.response.allowed => {
            headline(GOOD, "accepted", Some("mode monitor lets in what the group rejected"))
        }
        Ok(_) if outcome.response.allowed => headline(GOOD, "accepted", None),
        Ok(_) => headline(BAD, "rejected", message),
    }];
    for member in policy.policies() {
        let Some(asked) = outcome.members.iter().find(|asked| asked.name == member.name) else {
            lines.push(format!("  {DIM}{}() was not asked{DIM:#}", printable(&member.name)));
            continue;
        };
        let style = if asked.allowed { GOOD } else { BAD };
        let why = match &asked.outcome.result {
            Err(failure) => format!(": {failure}"),
            Ok(_) => asked.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default(),
        };
        lines.push(format!("  {style}{}() = {}{style:#}{}", printable(&member.name), asked.allowed, hanging(&why, 4)));
        lines.push(story(member.policy.abi(), &asked.outcome.trace, 4));
    }
    lines.join("\n")
}
