//! Plays the script in its settings with a request that is any JSON.

use admit::prelude::*;

/// What to do, in this order.
#[derive(Default, Deserialize, Settings)]
#[serde(default)]
struct Settings {
    script: Vec<Step>,
}

/// One thing that a policy can do.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Reports the request as it came in.
    SayRequest,
    /// Adds a reason to reject.
    Reject(String),
    /// Edits the request: puts a value at a JSON pointer.
    Set { pointer: String, value: serde_json::Value },
    /// Edits the request: removes what is at a JSON pointer.
    Remove(String),
    /// Returns an error.
    Fail(String),
}

#[admit::policy]
fn validate(request: &Raw, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    let mut edited = None;
    for step in &settings.script {
        match step {
            Step::SayRequest => host.info(request.value().raw()),
            Step::Reject(message) => {
                verdict.add_reason(message.as_str());
            }
            Step::Set { pointer, value } => {
                edited.get_or_insert(request.edit()?).set(pointer, value.clone())?;
            }
            Step::Remove(pointer) => {
                edited.get_or_insert(request.edit()?).remove(pointer)?;
            }
            Step::Fail(text) => return Err(Error::new(text)),
        }
    }
    if let Some(request) = edited {
        verdict.mutate(request);
    }
    Ok(verdict)
}
