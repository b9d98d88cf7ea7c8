//! Plays the script in its settings, with what the SDK has to offer to every author.
//!
//! What it learns from the host it reports as log records: `+` and the answer, `-` and the text of the error.

mod ask;

use std::collections::BTreeMap;
use std::io::Write as _;

use admit::prelude::*;

use crate::ask::Ask;

/// What to do, and what `validate_settings` is to find.
#[derive(Default, Deserialize, Settings)]
#[settings(check = as_scripted)]
#[serde(default)]
struct Settings {
    /// Done in this order.
    script: Vec<Step>,
    /// What is wrong with the settings.
    invalid: Option<String>,
    /// The text of a panic while the settings are checked.
    panic: Option<String>,
    /// A setting like any other.
    limit: u32,
    /// A setting that takes anything.
    anything: serde_json::Value,
}

/// One thing that a policy can do.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Reports the request as it came in.
    SayRequest,
    /// Reports the setting that takes anything.
    SayAnything,
    /// Calls a capability without types.
    Call { namespace: String, operation: String, payload: String },
    /// Calls a capability with types.
    Ask(Ask),
    /// Writes to the host's log.
    Log { level: String, message: String, data: BTreeMap<String, serde_json::Value> },
    /// Prints.
    Stdout(String),
    /// Prints as errors are printed.
    Stderr(String),
    /// Adds a reason to reject.
    Reject { message: String, at: Option<String>, code: Option<u16> },
    /// Adds a warning.
    Warn(String),
    /// Adds a warning for each resource that the request names.
    WarnResources,
    /// Adds an entry for the audit log.
    Audit { key: String, value: String },
    /// Edits the object: puts a value at a JSON pointer.
    Set { pointer: String, value: serde_json::Value },
    /// Edits the object: removes what is at a JSON pointer.
    Remove(String),
    /// Returns an error.
    Fail(String),
    /// Has a bug.
    Panic(String),
    /// Never ends.
    Loop,
}

fn as_scripted(settings: &Settings) -> Result<(), SettingsError> {
    if let Some(text) = &settings.panic {
        panic!("{text}");
    }
    match &settings.invalid {
        Some(text) => Err(SettingsError::new(text)),
        None => Ok(()),
    }
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    let mut edits = Vec::new();
    for step in &settings.script {
        match step {
            Step::SayRequest => host.info(request.value().raw()),
            Step::SayAnything => host.info(settings.anything.to_string()),
            Step::Call { namespace, operation, payload } => {
                let answer = host.call(namespace, operation, payload.as_bytes());
                report(host, answer.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
            }
            Step::Ask(ask) => report(host, ask.answer(host)),
            Step::Log { level, message, data } => host.log(record(level, message, data)?),
            Step::Stdout(text) => {
                print!("{text}");
                std::io::stdout().flush().map_err(|error| Error::new(error.to_string()))?;
            }
            Step::Stderr(text) => eprint!("{text}"),
            Step::Reject { message, at, code } => {
                let mut reason = Reason::new(message);
                if let Some(pointer) = at {
                    reason = reason.at(pointer);
                }
                if let Some(code) = code {
                    reason = reason.code(*code);
                }
                verdict.add_reason(reason);
            }
            Step::Warn(text) => {
                verdict.warn(text);
            }
            Step::WarnResources => {
                for resource in [Some(request.resource()), request.request_resource()].into_iter().flatten() {
                    verdict.warn(format!("{}/{}/{}", resource.group, resource.version, resource.resource));
                }
            }
            Step::Audit { key, value } => {
                verdict.audit(key, value);
            }
            Step::Set { pointer, value } => edits.push((pointer, Some(value))),
            Step::Remove(pointer) => edits.push((pointer, None)),
            Step::Fail(text) => return Err(Error::new(text)),
            Step::Panic(text) => panic!("{text}"),
            Step::Loop => loop {
                std::hint::black_box(());
            },
        }
    }
    if !edits.is_empty() {
        let mut object = request.edit()?;
        for (pointer, value) in edits {
            match value {
                Some(value) => object.set(pointer, value.clone())?,
                None => drop(object.remove(pointer)?),
            }
        }
        verdict.mutate(object);
    }
    Ok(verdict)
}

fn report(host: &Host, answer: Result<String, HostError>) {
    host.info(match answer {
        Ok(text) => format!("+{text}"),
        Err(error) => format!("-{}", error.message()),
    });
}

fn record(level: &str, message: &str, data: &BTreeMap<String, serde_json::Value>) -> Result<Record, Error> {
    let level = match level {
        "trace" => Level::Trace,
        "debug" => Level::Debug,
        "info" => Level::Info,
        "warning" => Level::Warning,
        "error" => Level::Error,
        other => return Err(Error::new(format!("the SDK has no level `{other}`"))),
    };
    Ok(data.iter().fold(Record::new(level, message), |record, (key, value)| record.with(key, value)))
}
