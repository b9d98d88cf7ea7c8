//! A host whose answers are in the header of a guest.

use std::sync::atomic::{AtomicUsize, Ordering};

use admit_host::{CallError, Capabilities};
use serde::Deserialize;

#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Answers {
    /// One after the other.
    These(Vec<Answer>),
    /// An HTTP response, whatever is asked.
    Always(Always),
}

impl Default for Answers {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Always {
    Always,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Answer {
    Fails { failed: String },
    Unanswerable { unanswerable: String },
    TimesOut(TimedOut),
    Says(String),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TimedOut {
    TimedOut,
}

pub(super) struct Script {
    answers: Answers,
    next: AtomicUsize,
}

impl Script {
    pub(super) fn new(answers: Answers) -> Self {
        Self { answers, next: AtomicUsize::new(0) }
    }

    /// Starts again with the first answer.
    pub(super) fn rewind(&self) {
        self.next.store(0, Ordering::Relaxed);
    }
}

impl Capabilities for Script {
    fn call(&self, namespace: &str, operation: &str, _: &[u8]) -> Result<Vec<u8>, CallError> {
        let answers = match &self.answers {
            Answers::Always(Always::Always) => return Ok(br#"{"status":200}"#.to_vec()),
            Answers::These(answers) => answers,
        };
        match answers.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            Some(Answer::Says(text)) => Ok(text.clone().into_bytes()),
            Some(Answer::Fails { failed }) => Err(CallError::Failed(failed.clone())),
            Some(Answer::Unanswerable { unanswerable }) => Err(CallError::Unanswerable(unanswerable.clone())),
            Some(Answer::TimesOut(_)) => Err(CallError::TimedOut),
            None => Err(CallError::Unanswerable(format!("no answer is left for {namespace}/{operation}"))),
        }
    }
}
