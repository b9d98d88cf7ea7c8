//! What failed, as all formats tell it.

use std::path::Path;

use admit_host::{
    capabilities::Fault,
    case::{Case, CaseRun, FaultRun, Reaction},
    input::{InputError, Place, Position},
};
use serde_json::{Value, json};

use super::super::{
    Report,
    difference::{difference, distinct},
    shapes,
};
use crate::{
    error::CliError,
    output::{Text, hanging, line, plain, text},
};

/// Most characters that are told of one thing: more is in the output of the command.
const MAX_TEXT: usize = 8_000;

/// Most characters of one line about it.
const MAX_LINE: usize = 300;

/// Something that failed. Its texts have no styles.
#[derive(Clone)]
pub(in super::super) struct Finding {
    pub(super) rule: Rule,
    /// What it is about, in a line.
    pub(super) title: String,
    /// What went wrong, in a line.
    pub(super) summary: String,
    /// Everything about it.
    pub(super) text: String,
    /// Where the expectation stands, or the mistake.
    pub(super) at: Option<Spot>,
    /// Where the object stands that the policy was asked about.
    pub(super) input: Option<Spot>,
    /// Where each of the expectations stands, and what it is.
    pub(super) related: Vec<(Spot, String)>,
}

/// Kinds of what can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Case,
    Law,
    Fault,
    Shape,
    Input,
    Run,
}

impl Rule {
    pub(super) const ALL: [Self; 6] = [Self::Case, Self::Law, Self::Fault, Self::Shape, Self::Input, Self::Run];

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Law => "law",
            Self::Fault => "fault",
            Self::Shape => "shape",
            Self::Input => "input",
            Self::Run => "run",
        }
    }

    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Case => "The policy does not answer as a case expects.",
            Self::Law => "A mutation breaks a law that holds for every policy that mutates.",
            Self::Fault => "The policy lets a request in although its host gave it no answer.",
            Self::Shape => {
                "What a case rejects is let in elsewhere, or a DELETE breaks the policy, or its rules never deliver it."
            }
            Self::Input => "A file that the tests read has a mistake.",
            Self::Run => "The tests did not run, or not all of them.",
        }
    }

    /// Whether nothing is known of the policy.
    pub(super) fn is_error(self) -> bool {
        matches!(self, Self::Input | Self::Run)
    }
}

/// A file, and where in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) position: Option<Position>,
}

impl Spot {
    fn new(file: impl Into<String>, position: Option<Position>) -> Self {
        Self { file: file.into(), position }
    }

    fn of(place: &Place) -> Self {
        Self::new(place.name(), place.position())
    }
}

impl Finding {
    pub(super) fn json(&self) -> Value {
        let file = self.at.as_ref().map(|spot| &spot.file);
        let at = self.at.as_ref().and_then(|spot| spot.position);
        json!({ "message": self.text, "file": file, "at": at })
    }
}

/// The errors among the findings, for the report in JSON.
pub(super) fn errors_of(findings: &[Finding]) -> Value {
    findings.iter().filter(|finding| finding.rule.is_error()).map(Finding::json).collect()
}

/// Everything that failed in a run: each case once for ABIs with the same differences, then the cases that let a request in when their
/// host failed, where that is a failure.
pub(super) fn of_run(report: &Report<'_>) -> Vec<Finding> {
    let cases = report.runs.chunk_by(|a, b| std::ptr::eq(a.case, b.case));
    let failed = cases.flat_map(distinct).map(|(run, abis)| of_case(run, &abis));
    let faults = open_runs(report).into_iter().filter_map(of_faults);
    let shapes = report.shapes.iter().flat_map(shapes::failed).map(|(case, about)| of_shape(case, &about));
    failed.chain(faults).chain(shapes).collect()
}

/// A violation that slips through where it was moved to.
fn of_shape(case: Option<&Case>, about: &Text) -> Finding {
    let about = plain(about);
    let about = about.strip_prefix("FAIL  ").unwrap_or(&about);
    let title = match case {
        Some(case) => plain(&text!("case {}, moved", line(&case.name))),
        None => "moved violations".to_owned(),
    };
    let expect = |case: &Case| Spot::new(case.path.display().to_string(), case.document.position_of(&["expect"]));
    Finding {
        rule: Rule::Shape,
        title,
        summary: start(about.lines().next().unwrap_or_default(), MAX_LINE),
        text: start(about, MAX_TEXT),
        at: case.map(expect),
        input: case.map(|case| Spot::of(&case.input)),
        related: Vec::new(),
    }
}

/// A case on these ABIs.
pub(super) fn of_case(run: &CaseRun<'_>, abis: &str) -> Finding {
    let (case, differences) = (run.case, &run.differences);
    let mut blocks = Vec::new();
    blocks.extend(case.about.as_deref().map(|about| hanging(about, 0)));
    blocks.extend(differences.iter().map(|found| difference(&case.path, found, 0)));
    blocks.extend(case.notes.iter().map(|note| text!("note: {}", hanging(note, 6))));
    let summary = differences.first().map(|first| {
        let more = match differences.len() {
            1 => Text::default(),
            all => text!(" (and {} more)", all - 1),
        };
        let [expected, actual] = [&first.expected, &first.actual].map(|text| line(start(text, MAX_LINE)));
        plain(&text!("{}: expected {}, actual {}{}", line(&first.field), expected, actual, more))
    });
    let file = case.path.display().to_string();
    let related = differences.iter().filter_map(|found| {
        Some((Spot::new(&file, Some(found.at?)), plain(&text!("what is expected: {}", line(&found.field)))))
    });
    let law = differences.iter().any(|found| found.field.starts_with("law "));
    Finding {
        rule: if law { Rule::Law } else { Rule::Case },
        title: plain(&text!("case {} on {}", line(&case.name), line(abis))),
        summary: summary.unwrap_or_default(),
        text: told(&Text::join(&blocks, "\n")),
        at: Some(Spot::new(&file, differences.first().and_then(|first| first.at))),
        input: Some(Spot::of(&case.input)),
        related: related.collect(),
    }
}

/// The runs with faults, those of a case together; none where a policy that fails open is no failure.
pub(super) fn open_runs<'r, 'c>(report: &'r Report<'c>) -> Vec<&'r [FaultRun<'c>]> {
    let judged = report.faults.iter().filter(|_| report.judges_faults());
    judged.flat_map(|faults| faults.runs.chunk_by(|a, b| std::ptr::eq(a.case, b.case))).collect()
}

/// What the faults of a case brought up, if a request got in.
pub(super) fn of_faults(runs: &[FaultRun<'_>]) -> Option<Finding> {
    let open: Vec<&FaultRun<'_>> = runs.iter().filter(|run| run.reaction == Reaction::Open).collect();
    let case = open.first()?.case;
    let about = |run: &&FaultRun<'_>| {
        let call = line(format_args!("{}/{}", run.call.namespace, run.call.operation));
        let verdict = line(run.verdict);
        text!(
            "{}: call {} {} goes wrong ({}): {}",
            line(run.abi),
            run.number,
            call,
            line(Fault::name(&run.fault)),
            verdict
        )
    };
    let lines: Vec<Text> = open.iter().map(about).collect();
    let expect = case.document.position_of(&["expect"]);
    Some(Finding {
        rule: Rule::Fault,
        title: plain(&text!("case {} with faults", line(&case.name))),
        summary: plain(&text!("a request entered {} times although the policy had no answer", open.len())),
        text: told(&Text::join(&lines, "\n")),
        at: Some(Spot::new(case.path.display().to_string(), expect)),
        input: Some(Spot::of(&case.input)),
        related: Vec::new(),
    })
}

/// Why there was no run, or only a part of it: each mistake in a file for itself.
pub(super) fn of_error(error: Option<&CliError>) -> Vec<Finding> {
    match error {
        None => Vec::new(),
        Some(CliError::Inputs(mistakes)) => mistakes.iter().map(of_mistake).collect(),
        Some(CliError::Input(mistake)) => vec![of_mistake(mistake)],
        Some(CliError::PolicyFile(error)) if !error.mistakes.is_empty() => {
            error.mistakes.iter().map(of_mistake).collect()
        }
        Some(error) => {
            let title = "not all that was asked could be tested".to_owned();
            vec![plainly(Rule::Run, title, &error.to_string(), None)]
        }
    }
}

fn of_mistake(mistake: &InputError) -> Finding {
    let is_file = Path::new(&mistake.name).is_file();
    let at = is_file.then(|| Spot::new(&mistake.name, mistake.position));
    let title = plain(&text!("mistake in {}", line(&mistake.name)));
    plainly(Rule::Input, title, &mistake.to_string(), at)
}

fn plainly(rule: Rule, title: String, message: &str, at: Option<Spot>) -> Finding {
    Finding {
        rule,
        title,
        summary: start(&plain(&line(start(message, MAX_LINE))), MAX_LINE),
        text: told(&hanging(message, 0)),
        at,
        input: None,
        related: Vec::new(),
    }
}

/// A text as it is told: without styles, and not without end.
fn told(text: &Text) -> String {
    start(&plain(text), MAX_TEXT)
}

/// The start of a text.
pub(super) fn start(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
