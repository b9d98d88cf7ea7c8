//! Guests that do what they should not. Each ends in the right class of failure, and the engine goes on serving.
//!
//! One file is one guest; the lines that start with `;;!` are TOML, see [`Expectation`].

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use admit_host::Abi;
use admit_host::capabilities::World;
use admit_host::outcome::{Failure, Trace};
use admit_host::{Capabilities, Clock, CompiledPolicy, LoadError, RunOptions};
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;

use crate::support::{Echo, answering, behaved, engine, files, guests, request, settings};

/// What a guest's header says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    /// The ABI that must be recognised; absent when the module must not load.
    abi: Option<Abi>,
    #[serde(default)]
    operation: Operation,
    #[serde(default)]
    clock: ClockName,
    #[serde(default)]
    limits: LimitsChanged,
    /// Fields of the request, as JSON.
    #[serde(default = "empty")]
    request: String,
    /// What answers the guest's calls, as a world in YAML. Without one they get back what they sent.
    world: Option<String>,
    failure: Class,
    /// Each is a part of the failure's text.
    #[serde(default)]
    texts: Vec<String>,
    /// The message of the AdmissionResponse, or of the settings response.
    message: Option<String>,
    /// How that message starts.
    message_starts: Option<String>,
    /// A part of the last log record's message.
    last_log: Option<String>,
    /// A part of what was written to stdout.
    stdout: Option<String>,
    /// A part of what was written to stderr.
    stderr: Option<String>,
}

fn empty() -> String {
    "{}".to_owned()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Operation {
    #[default]
    Validate,
    ValidateSettings,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClockName {
    #[default]
    Fixed,
    Real,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsChanged {
    wall_time_ms: Option<u64>,
    memory: Option<u64>,
    message: Option<usize>,
    patch: Option<usize>,
    fuel: Option<u64>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Class {
    /// No failure: the guest looks hostile, but the contract lets it pass.
    None,
    /// The module does not load.
    Load,
    Instantiate,
    Trap,
    Timeout,
    Limit,
    Guest,
    Protocol,
    Unanswerable,
}

impl Class {
    fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Instantiate(_) => Self::Instantiate,
            Failure::Trap { .. } => Self::Trap,
            Failure::Timeout(_) => Self::Timeout,
            Failure::Limit { .. } => Self::Limit,
            Failure::Guest(_) => Self::Guest,
            Failure::Protocol(_) => Self::Protocol,
            Failure::Unanswerable(_) => Self::Unanswerable,
            other => panic!("a class without a name: {other:?}"),
        }
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let folder = |folder: &'static str| {
        files(&guests(folder), "wat").into_iter().map(move |path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("{folder}::{name}"), move || check(&path))
        })
    };
    folder("hostile").chain(folder("panics")).collect()
}

fn check(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let header: String =
        text.lines().filter_map(|line| line.strip_prefix(";;!")).map(|line| format!("{}\n", line.trim_end())).collect();
    let expected: Expectation = toml::from_str(&header)?;
    match CompiledPolicy::from_file(engine(), path) {
        Ok(policy) => check_run(&policy, &expected)?,
        Err(error) => check_load(&error, &expected)?,
    }
    still_serving();
    Ok(())
}

fn check_load(error: &LoadError, expected: &Expectation) -> Result<(), Failed> {
    let text = error.to_string();
    if expected.failure != Class::Load {
        return Err(format!("it should load: {text}").into());
    }
    contains("the error", &text, &expected.texts)
}

fn check_run(policy: &CompiledPolicy, expected: &Expectation) -> Result<(), Failed> {
    if Some(policy.abi()) != expected.abi {
        return Err(format!("recognised as {}", policy.abi()).into());
    }
    let options = options(expected)?;
    let (failure, message, trace) = match expected.operation {
        Operation::Validate => {
            let outcome = policy.validate(&request(&expected.request), &settings("{}"), &options);
            if outcome.result.is_err()
                && (outcome.response.allowed
                    || outcome.response.status.as_ref().and_then(|status| status.code) != Some(500))
            {
                return Err(format!("a failure must be a rejection with code 500: {:?}", outcome.response).into());
            }
            (outcome.result.err(), outcome.response.status.and_then(|status| status.message), outcome.trace)
        }
        Operation::ValidateSettings => {
            let outcome = policy.validate_settings(&settings("{}"), &options);
            if outcome.result.is_err() && outcome.response.valid {
                return Err("settings cannot be valid after a failure".into());
            }
            (outcome.result.err(), outcome.response.message, outcome.trace)
        }
    };
    let class = failure.as_ref().map_or(Class::None, Class::of);
    let text = failure.map(|failure| failure.to_string()).unwrap_or_default();
    if class != expected.failure {
        return Err(format!("expected {:?}, but it was {class:?}: {text}", expected.failure).into());
    }
    contains("the failure", &text, &expected.texts)?;
    check_message(message.unwrap_or_default(), expected)?;
    check_trace(&trace, expected)
}

fn options(expected: &Expectation) -> Result<RunOptions, Failed> {
    let capabilities: Arc<dyn Capabilities> = match &expected.world {
        Some(world) => Arc::new(World::parse(world.as_bytes(), "world", Path::new("."))?),
        None => Arc::new(Echo),
    };
    let mut options = RunOptions { capabilities, ..RunOptions::default() };
    options.determinism.clock = match expected.clock {
        ClockName::Fixed => Clock::Fixed,
        ClockName::Real => Clock::Real,
    };
    let (limits, changed) = (&mut options.limits, &expected.limits);
    limits.wall_time = changed.wall_time_ms.map(Duration::from_millis);
    limits.memory = changed.memory;
    limits.message = changed.message.unwrap_or(limits.message);
    limits.patch = changed.patch.unwrap_or(limits.patch);
    limits.fuel = changed.fuel;
    Ok(options)
}

fn check_message(message: String, expected: &Expectation) -> Result<(), Failed> {
    if expected.message.as_ref().is_some_and(|expected| *expected != message) {
        return Err(format!("the message is {message:?}").into());
    }
    if expected.message_starts.as_ref().is_some_and(|start| !message.starts_with(start)) {
        return Err(format!("the message is {message:?}").into());
    }
    Ok(())
}

fn check_trace(trace: &Trace, expected: &Expectation) -> Result<(), Failed> {
    let last_log = trace.logs.last().map(|record| record.message.as_str()).unwrap_or_default();
    contains("the last log record", last_log, expected.last_log.as_slice())?;
    contains("stdout", &trace.stdout, expected.stdout.as_slice())?;
    contains("stderr", &trace.stderr, expected.stderr.as_slice())
}

fn contains(what: &str, text: &str, parts: &[String]) -> Result<(), Failed> {
    match parts.iter().find(|part| !text.contains(part.as_str())) {
        Some(part) => Err(format!("{what} does not contain {part:?}: {text}").into()),
        None => Ok(()),
    }
}

/// The same engine evaluates well-behaved guests as if nothing had been.
fn still_serving() {
    for name in ["wapc-relay", "wasi-relay"] {
        let outcome =
            behaved(name).validate(&request("{}"), &settings("{}"), &answering([Ok(br#"{"accepted":true}"#)]));
        assert!(outcome.response.allowed, "{name}: {outcome:?}");
    }
}
