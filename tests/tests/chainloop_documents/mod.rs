//! What surrounds the run of a Chainloop policy: no module is run here. Each file in `tests/chainloop` is one test; the
//! README there says what a file can say.

mod args;
mod bytes;
mod errors;
mod input;
mod material;
mod memory;
mod output;
mod policy_file;

use std::path::PathBuf;

pub(crate) use memory::measure;

use libtest_mimic::Trial;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::{files, repository};

/// What one file says, and what is done about it.
trait Case: DeserializeOwned {
    /// The sentence that a failure starts with.
    fn about(&self) -> &str;

    /// The difference between what is expected and what came out.
    fn run(&self) -> Result<(), String>;
}

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = memory::trials();
    trials.extend(of::<args::Args>("args"));
    trials.extend(of::<input::Input>("input"));
    trials.extend(of::<material::Material>("material"));
    trials.extend(of::<output::Output>("output"));
    trials.extend(of::<errors::Errors>("errors"));
    trials.extend(of::<policy_file::File>("policy-file"));
    trials
}

fn folder() -> PathBuf {
    repository().join("tests/chainloop")
}

fn of<C: Case>(name: &str) -> Vec<Trial> {
    let paths = files(&folder().join(name), "yaml");
    assert!(!paths.is_empty(), "{name} has no cases");
    let trial = |path: PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
        Trial::test(format!("chainloop_documents::{name}::{stem}"), move || {
            let document = admit_host::input::Document::open(&path)?;
            let case: C = serde_json::from_value(document.value().clone())
                .map_err(|error| format!("{}: {error}", path.display()))?;
            case.run().map_err(|difference| format!("{}\n{difference}", case.about()).into())
        })
    };
    paths.into_iter().map(trial).collect()
}

/// Nothing, if it is the same.
fn same<T: Into<Value>>(what: &str, expected: T, found: T) -> Result<(), String> {
    let (expected, found) = (expected.into(), found.into());
    if expected == found { Ok(()) } else { Err(format!("{what}\n  expected: {expected}\n  found:    {found}")) }
}

/// Nothing, if it went wrong in these words, or was not expected to and did not.
fn failed<T>(expected: Option<&String>, found: Result<T, String>) -> Result<Option<T>, String> {
    match (expected, found) {
        (None, Ok(found)) => Ok(Some(found)),
        (None, Err(error)) => Err(format!("unexpected error: {error}")),
        (Some(expected), Ok(_)) => Err(format!("nothing went wrong, expected: {expected}")),
        (Some(expected), Err(error)) => same("the error", expected.as_str(), error.as_str()).map(|()| None),
    }
}
