//! `cargo admit run` with a file of policies.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use admit_host::{
    CompiledPolicy, Engine, PolicyModule, RunOptions,
    capabilities::World,
    group::GroupOutcome,
    input::InputError,
    matching::Asked,
    outcome::{Failure, SettingsOutcome},
    policy_resource::{self, Body, Deployed, DeploymentOutcome, PolicyResource},
};

use super::{Args, input::Input, policy, report::Report, subject::Subject, verdict};
use crate::{
    commands::spare,
    error::CliError,
    exit::Exit,
    output::{
        BAD, DIM, Detail, GOOD, NOTICE, Telling, Text, hanging, headline, line, note, remark, story, text, to_stderr,
    },
};

/// Modules by the path that names them: where each is, and what it is.
type Modules = BTreeMap<PathBuf, (PathBuf, PolicyModule)>;

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
    let source = args.host.read()?;
    let world = source.world().cloned();
    let host = args.host.answer(source, policy::options(args.timeout));

    let engine = policy::engine(args.deployment.kubewarden_version())?;
    let modules = open(args, &engine, &resources)?;
    can_be_asked(args, &input, &resources, &modules)?;
    let policies = deploy(&engine, &resources, &modules, &host.options)?;
    let policies = asked(args, &policies)?;
    settings_are_valid(&policies)?;
    if !args.deployment.ignore_rules {
        notes(&policies)?;
    }
    // All of them before the first answer: a mistake in the request leaves nothing on stdout.
    let requests = Requests::read(&input, &policies)?;

    host.finish(evaluate(args, &policies, &requests, world.as_ref()))
}

/// What is sent, to raw policies and to the others. A list is one document for raw policies, and several objects for the others.
struct Requests {
    admission: Vec<Subject>,
    raw: Vec<Subject>,
}

impl Requests {
    fn read(input: &Input<'_>, policies: &[&Deployed]) -> Result<Self, CliError> {
        let read = |raw: bool| match policies.iter().any(|policy| policy.is_raw() == raw) {
            true => input.subjects(raw),
            false => Ok(Vec::new()),
        };
        Ok(Self { admission: read(false)?, raw: read(true)? })
    }

    fn of(&self, policy: &Deployed) -> &[Subject] {
        if policy.is_raw() { &self.raw } else { &self.admission }
    }

    /// Those of which there are more: where there are as many, they are the same documents.
    fn all(&self) -> &[Subject] {
        if self.raw.len() > self.admission.len() { &self.raw } else { &self.admission }
    }
}

/// Evaluates each policy about each request; the exit code is that of the worst.
fn evaluate(args: &Args, policies: &[&Deployed], requests: &Requests, world: Option<&World>) -> Result<Exit, CliError> {
    let all = requests.all();
    let mut report = Report::new(args.format, all);
    for (index, subject) in all.iter().enumerate() {
        report.begin(subject)?;
        for policy in policies {
            let Some(subject) = requests.of(policy).get(index) else { continue };
            let (id, request) = (policy.id(), &subject.request);
            match is_asked(args, policy, subject, world) {
                Asked::Yes => {}
                Asked::No(reason) => {
                    report.not_asked(id, subject, reason)?;
                    continue;
                }
                Asked::Rejected(reason) => {
                    report.rejected_unasked(id, subject, reason)?;
                    continue;
                }
                Asked::Unknown(reason) => {
                    report.undecided(id, subject, reason)?;
                    continue;
                }
            }
            let evaluated = if args.deployment.audit { policy.audit(request) } else { policy.validate(request) };
            to_stderr(&text!("{}{}{:#}", DIM, line(id), DIM))?;
            to_stderr(&told(args, policy, &evaluated))?;
            match unanswerable(&evaluated) {
                // Whatever Kubewarden would answer, it is not known.
                Some(failure) => report.unanswerable(id, subject, failure.clone())?,
                None => report.answered(id, subject, evaluated.response(), evaluated.failed())?,
            }
        }
    }
    report.finish("no policy is asked about")
}

/// Whether an API server, or the audit scanner, asks a policy about a request.
fn is_asked(args: &Args, policy: &Deployed, subject: &Subject, world: Option<&World>) -> Asked {
    match subject.admission() {
        Some(request) if !args.deployment.ignore_rules => match args.deployment.audit {
            true => policy.matching().audited(request, world),
            false => policy.matching().asked(request, world),
        },
        _ => Asked::Yes,
    }
}

/// Says what people should know of rules and selectors.
fn notes(policies: &[&Deployed]) -> Result<(), CliError> {
    for policy in policies {
        // No API server asks a raw policy, so that it has no use for rules.
        for about in policy.matching().notes().iter().filter(|_| !policy.is_raw()) {
            note(format_args!("{}: {about}", policy.id()))?;
        }
    }
    Ok(())
}

fn nothing_that_the_file_says(args: &Args) -> Result<(), CliError> {
    let given = [
        (args.settings.is_some(), "--settings"),
        (args.settings_json.is_some(), "--settings-json"),
        (args.raw, "--raw"),
        (args.abi.is_some(), "--abi"),
        (args.execution_mode.is_some(), "--execution-mode"),
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

/// Builds and reads every module once: by the path that names it, where it is, and what it is.
fn open(args: &Args, engine: &Engine, resources: &[PolicyResource]) -> Result<Modules, CliError> {
    let mut modules = Modules::new();
    for spec in resources.iter().flat_map(|resource| resource.body.policies()) {
        if !modules.contains_key(&spec.path) {
            let built = policy::module_of(&spec.path, None, args.debug_info, engine)?;
            let module = policy::open(engine, &built)?;
            modules.insert(spec.path.clone(), (built, module));
        }
    }
    Ok(modules)
}

/// Whether the request can be sent to all of them, before they are compiled.
fn can_be_asked(
    args: &Args,
    input: &Input<'_>,
    resources: &[PolicyResource],
    modules: &Modules,
) -> Result<(), CliError> {
    for resource in resources {
        let is_raw = match &resource.body {
            Body::Policy { policy, .. } => modules.get(&policy.path).is_some_and(|(_, module)| module.is_raw()),
            Body::Group { .. } => false,
        };
        // The audit scanner may skip the policy, which shows later.
        if !(args.deployment.audit && is_raw) {
            input.check(is_raw)?;
        }
    }
    Ok(())
}

/// Compiles every module once.
fn deploy(
    engine: &Engine,
    resources: &[PolicyResource],
    modules: &Modules,
    options: &RunOptions,
) -> Result<Vec<Deployed>, CliError> {
    let mut compiled: BTreeMap<PathBuf, CompiledPolicy> = BTreeMap::new();
    let mut load = |path: &Path| -> Result<CompiledPolicy, CliError> {
        if let Some(policy) = compiled.get(path) {
            return Ok(policy.clone());
        }
        let (built, module) = &modules[path];
        let policy = policy::compile(engine, module.clone(), built)?;
        compiled.insert(path.to_owned(), policy.clone());
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
        return Err(CliError::NothingEvaluated(skipped.join("\n")));
    }
    for skipped in skipped {
        to_stderr(&remark(NOTICE, "skipped", skipped))?;
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
    failures.into_iter().flatten().find(|failure| failure.is_of_the_host())
}

fn told(args: &Args, policy: &Deployed, evaluated: &DeploymentOutcome) -> Text {
    match evaluated {
        DeploymentOutcome::Policy(outcome) => {
            let policies = policy.policies();
            let Some(member) = policies.first() else { return Text::default() };
            let verdict = verdict(&member.policy, outcome);
            let story = args.story(&member.policy, &outcome.trace, verdict.as_str());
            text!("{}\n{}", verdict, story)
        }
        DeploymentOutcome::Group(outcome) => group(args, policy, outcome),
    }
}

/// What the group said, and each member that was asked.
fn group(args: &Args, policy: &Deployed, outcome: &GroupOutcome) -> Text {
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
            lines.push(text!("  {}{}() was not asked{:#}", DIM, line(&member.name), DIM));
            continue;
        };
        let style = if asked.allowed { GOOD } else { BAD };
        let why = match &asked.outcome.result {
            Err(failure) => format!(": {failure}"),
            Ok(_) => asked.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default(),
        };
        let name = line(&member.name);
        lines.push(text!("  {}{}() = {}{:#}{}", style, name, asked.allowed, style, hanging(&why, 8)));
        let detail = Detail::of(args.verbose);
        let telling = Telling { abi: member.policy.abi(), told: &why, detail, indent: 4 };
        lines.push(story(&asked.outcome.trace, telling));
    }
    Text::join(&lines, "\n")
}
