//! What came of each request and policy: lines for people as it happens, a document for programs at the end.

use std::io;

use admit_host::{outcome::Failure, response::AdmissionResponse};
use serde_json::{Value, json};

use super::{Format, subject::Subject};
use crate::{
    error::CliError,
    exit::Exit,
    output::{BAD, Data, GOOD, NOTICE, Text, data_to_stdout, line, text, to_stderr},
};

/// How it ended with one policy and one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    /// The policy is not asked.
    NotAsked,
    Accepted,
    Rejected,
    /// The policy asked what the host has no answer for, or there was no memory for it.
    Unanswerable,
    /// It is not known whether the policy is asked.
    Undecided,
    Failed,
}

impl Ended {
    fn name(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unanswerable => "unanswerable",
            Self::Undecided => "undecided",
            Self::Failed => "failed",
        }
    }

    fn exit(self) -> Exit {
        match self {
            Self::NotAsked | Self::Accepted => Exit::Done,
            Self::Rejected => Exit::Rejected,
            Self::Unanswerable | Self::Undecided => Exit::BadInput,
            Self::Failed => Exit::Misbehaved,
        }
    }
}

/// One policy and one request.
struct Line {
    /// Which of the requests.
    number: usize,
    ended: Ended,
    json: Value,
}

/// Everything that happened.
pub(super) struct Report<'s> {
    format: Format,
    subjects: &'s [Subject],
    lines: Vec<Line>,
    /// The numbers of requests that no rule in the metadata of the only policy is about.
    without_rule: Vec<usize>,
}

impl<'s> Report<'s> {
    pub(super) fn new(format: Format, subjects: &'s [Subject]) -> Self {
        Self { format, subjects, lines: Vec::new(), without_rule: Vec::new() }
    }

    fn several(&self) -> bool {
        self.subjects.len() > 1
    }

    /// Names a request before what is said of it, where there are several.
    pub(super) fn begin(&self, subject: &Subject) -> io::Result<()> {
        if !self.several() {
            return Ok(());
        }
        to_stderr(&text!("{}{}{:#}", NOTICE, line(subject), NOTICE))
    }

    fn push(&mut self, policy: &str, subject: &Subject, ended: Ended, reason: Option<String>, response: Option<Value>) {
        let mut json = json!({ "policy": policy, "object": subject.json(), "outcome": ended.name() });
        for (key, value) in [("reason", reason.map(Value::from)), ("response", response)] {
            if let Some(value) = value {
                json[key] = value;
            }
        }
        self.lines.push(Line { number: subject.number, ended, json });
    }

    /// A policy answered, or failed to.
    pub(super) fn answered(
        &mut self,
        policy: &str,
        subject: &Subject,
        response: &AdmissionResponse,
        failed: bool,
    ) -> Result<(), CliError> {
        if self.format == Format::Text {
            data_to_stdout(&Data::json(response)?)?;
        }
        let ended = match failed {
            true => Ended::Failed,
            false if response.allowed => Ended::Accepted,
            false => Ended::Rejected,
        };
        self.push(policy, subject, ended, None, Some(serde_json::to_value(response).map_err(io::Error::from)?));
        Ok(())
    }

    /// A policy asked what the host has no answer for.
    ///
    /// # Errors
    ///
    /// That, when there is nothing else to be told.
    pub(super) fn unanswerable(&mut self, policy: &str, subject: &Subject, failure: Failure) -> Result<(), CliError> {
        if !self.several() && self.format == Format::Text {
            return Err(CliError::Unanswerable(failure));
        }
        let reason = failure.to_string();
        CliError::Unanswerable(failure).report();
        self.push(policy, subject, Ended::Unanswerable, Some(reason), None);
        Ok(())
    }

    /// A policy is not asked.
    pub(super) fn not_asked(&mut self, policy: &str, subject: &Subject, reason: String) -> io::Result<()> {
        to_stderr(&text!("{}not asked{:#}: {}", NOTICE, NOTICE, line(format_args!("{policy}: {reason}"))))?;
        self.push(policy, subject, Ended::NotAsked, Some(reason), None);
        Ok(())
    }

    /// The request is rejected without asking a policy.
    pub(super) fn rejected_unasked(&mut self, policy: &str, subject: &Subject, reason: String) -> io::Result<()> {
        let about = line(format_args!("{policy}: {reason}"));
        to_stderr(&text!("{}rejected{:#} by the API server, without asking: {}", BAD, BAD, about))?;
        self.push(policy, subject, Ended::Rejected, Some(reason), None);
        Ok(())
    }

    /// It is not known whether a policy is asked.
    pub(super) fn undecided(&mut self, policy: &str, subject: &Subject, reason: String) -> io::Result<()> {
        let about = line(format_args!("{policy}: {reason}"));
        to_stderr(&text!("{}undecided{:#}: {}; `--ignore-rules` asks it in any case", BAD, BAD, about))?;
        self.push(policy, subject, Ended::Undecided, Some(reason), None);
        Ok(())
    }

    /// No rule in the metadata of the policy is about this request, which it is asked nevertheless.
    pub(super) fn without_rule(&mut self, subject: &Subject) {
        self.without_rule.push(subject.number);
    }

    /// The worst that happened to a request; nothing when nobody was asked.
    fn of(&self, subject: &Subject) -> Option<Ended> {
        let of_subject = self.lines.iter().filter(|line| line.number == subject.number);
        of_subject.map(|line| line.ended).filter(|ended| *ended != Ended::NotAsked).max()
    }

    /// Writes what is left to write; `no_rule` says of which objects there is a list.
    ///
    /// # Errors
    ///
    /// Nobody was asked about anything.
    pub(super) fn finish(self, no_rule: &'static str) -> Result<Exit, CliError> {
        let unmatched: Vec<&Subject> = self
            .subjects
            .iter()
            .filter(|subject| self.of(subject).is_none() || self.without_rule.contains(&subject.number))
            .collect();
        if self.format == Format::Json {
            data_to_stdout(&Data::pretty_json(&self.json(&unmatched))?)?;
        }
        if self.several() {
            self.summary(&unmatched, no_rule)?;
        }
        let worst = self.lines.iter().map(|line| line.ended.exit()).max_by_key(|exit| *exit as u8);
        if self.lines.iter().all(|line| line.ended == Ended::NotAsked) {
            return Err(CliError::NothingEvaluated(self.nobody()));
        }
        Ok(worst.unwrap_or(Exit::Done))
    }

    /// Why nothing was evaluated.
    fn nobody(&self) -> String {
        match self.subjects {
            [_] => "no policy is asked about this request; `--ignore-rules` asks them in any case".to_owned(),
            several => format!(
                "no policy is asked about any of the {} objects; `--ignore-rules` asks them in any case",
                several.len()
            ),
        }
    }

    fn json(&self, unmatched: &[&Subject]) -> Value {
        let count = |wanted: Option<Ended>| self.subjects.iter().filter(|subject| self.of(subject) == wanted).count();
        json!({
            "results": self.lines.iter().map(|line| &line.json).collect::<Vec<_>>(),
            "unmatched": unmatched.iter().map(|subject| subject.json()).collect::<Vec<_>>(),
            "summary": {
                "objects": self.subjects.len(),
                "accepted": count(Some(Ended::Accepted)),
                "rejected": count(Some(Ended::Rejected)),
                "failed": count(Some(Ended::Failed)),
                "unanswerable": count(Some(Ended::Unanswerable)),
                "undecided": count(Some(Ended::Undecided)),
                "not_asked": count(None),
            },
        })
    }

    /// How many requests ended how, and about which nobody was asked.
    fn summary(&self, unmatched: &[&Subject], no_rule: &'static str) -> io::Result<()> {
        let counted = [
            (Ended::Accepted, GOOD),
            (Ended::Rejected, BAD),
            (Ended::Failed, BAD),
            (Ended::Unanswerable, BAD),
            (Ended::Undecided, BAD),
        ];
        let mut parts: Vec<Text> = Vec::new();
        for (ended, style) in counted {
            let count = self.subjects.iter().filter(|subject| self.of(subject) == Some(ended)).count();
            if count > 0 {
                parts.push(text!("{}{} {}{:#}", style, count, ended.name(), style));
            }
        }
        let none = self.subjects.iter().filter(|subject| self.of(subject).is_none()).count();
        if none > 0 {
            parts.push(text!("{}{} about which no policy is asked{:#}", NOTICE, none, NOTICE));
        }
        to_stderr(&text!("{} objects: {}", self.subjects.len(), Text::join(&parts, ", ")))?;
        if unmatched.is_empty() {
            return Ok(());
        }
        to_stderr(&text!("{}:", no_rule))?;
        unmatched.iter().try_for_each(|subject| to_stderr(&text!("  {}", line(subject))))
    }
}
