//! A guest of the folder, for who runs it elsewhere.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use admit_host::execution::ExecutionOutcome;
use admit_host::{LoadError, RunOptions};

use super::host::{Answer, Answers, Script};
use super::{expectation, header, load, module, options, run};

/// A guest, and what its header says.
pub(crate) struct Guest {
    pub(crate) module: Vec<u8>,
    pub(crate) input: Vec<u8>,
    pub(crate) args: Option<String>,
    pub(crate) options: RunOptions,
    /// What its calls are answered: these texts, and nothing where a call fails.
    pub(crate) answers: Vec<Option<String>>,
    /// What became of it here.
    pub(crate) here: Result<ExecutionOutcome, LoadError>,
}

impl Guest {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("the guest is readable");
        let expected: expectation::Expectation = toml::from_str(&header(&text)).expect("the header is valid");
        let script = Arc::new(Script::new(expected.answers.clone()));
        let options = options(&expected, &script);
        let here = load(&text).map(|policy| run(&policy, &expected, &options));
        let answers = match &expected.answers {
            Answers::Always(_) => Vec::new(),
            Answers::These(answers) => answers.iter().map(said).collect(),
        };
        Self {
            module: module(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            input: expected.input(),
            args: expected.args,
            options,
            answers,
            here,
        }
    }
}

fn said(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Says(text) => Some(text.clone()),
        Answer::Fails { .. } | Answer::Unanswerable { .. } | Answer::TimesOut(_) => None,
    }
}
