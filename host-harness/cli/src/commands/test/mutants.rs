//! Runs of changed policies, and the report about them.

use std::{collections::BTreeMap, io::IsTerminal as _, path::Path};

use admit_host::{
    Abi, Deadline, Engine, RunOptions,
    artifact::Artifact,
    case::{self, Case, Mutant, MutantFate, MutantOptions, MutantReport, SourceLine},
    internal::read_module,
};
use serde_json::{Value, json};

use super::{super::policy, Args, MUTANTS_TIME, Report};
use crate::{
    error::CliError,
    output::{BAD, DIM, GOOD, NOTICE, Text, line, percent, shortened, text, to_progress_line, to_stderr},
};

/// Changes the module on which the most cases run, and shows the progress on a terminal.
pub(super) fn run(
    args: &Args,
    most: u32,
    cases: &[Case],
    (engine, folder): (&Engine, Option<&Path>),
    artifacts: &[Artifact],
    options: &RunOptions,
) -> Result<MutantReport, CliError> {
    let cases_on = |abi: Abi| cases.iter().filter(|case| case.applies_to(abi)).count();
    // Of several, the first.
    let chosen = artifacts.iter().rev().max_by_key(|artifact| cases_on(artifact.abi));
    let Some(artifact) = chosen else { return Err(CliError::NothingRuns(String::new())) };
    let loading = |source| CliError::Load { path: artifact.path.clone(), source };
    let module = read_module(&artifact.path).map_err(loading)?;
    let deadline = Deadline::after(args.mutants_time.unwrap_or(MUTANTS_TIME));
    let how = MutantOptions { folder, most: most as usize, deadline };
    let terminal = std::io::stderr().is_terminal();
    let engine = policy::watched(engine, &artifact.path);
    let report = case::run_mutants(cases, &module, &engine, options, how, |done, total| {
        // A hundred steps at most, so that the lines do not take longer than the runs. Errors of writing them are ignored.
        if terminal && (done == total || done % total.div_ceil(100) == 0) {
            to_progress_line(&text!("{}{} of {} mutants{:#}", DIM, done, total, DIM));
        }
    })?;
    if terminal {
        let _ = to_stderr(&Text::default());
    }
    Ok(report)
}

/// What was changed at a line, or in a function, and how often.
type Changes<'r> = BTreeMap<&'r str, usize>;

/// Changes by where they are: a line, or a function of which no line is known.
fn grouped<'r>(
    report: &'r MutantReport,
    fate: &MutantFate,
) -> BTreeMap<(Option<&'r SourceLine>, &'r str), Changes<'r>> {
    let mut groups: BTreeMap<_, Changes<'_>> = BTreeMap::new();
    for Mutant { change, function, place, .. } in report.mutants.iter().filter(|mutant| mutant.fate == *fate) {
        let key = (place.as_ref(), if place.is_some() { "" } else { function });
        *groups.entry(key).or_default().entry(change).or_default() += 1;
    }
    groups
}

/// Most lines and functions that are shown; programs are told all.
const MAX_GROUPS: usize = 60;

/// The report for people: below each line of the source what was changed there and not noticed.
pub(super) fn text(report: &MutantReport) -> Text {
    let mut blocks = vec![text!("mutants of the module for {}", line(report.abi))];
    if !report.by_lines {
        let why = "no debug data tell whose code it is, so that code of libraries can be among what was changed";
        blocks.push(text!("{}{}{:#}", DIM, why, DIM));
    }
    let survived = grouped(report, &MutantFate::Survived);
    for ((place, function), changes) in survived.iter().take(MAX_GROUPS) {
        blocks.push(text!("{}survived{:#}  {}", BAD, BAD, at(*place, function)));
        for (change, count) in changes {
            let times = if *count == 1 { Text::default() } else { text!(" ({} times)", *count) };
            blocks.push(text!("            {}{}", line(change), times));
        }
    }
    // Where names tell what is whose, most of what is not reached is in libraries.
    let not_reached = if report.by_lines { grouped(report, &MutantFate::NotReached) } else { BTreeMap::new() };
    for ((place, function), changes) in not_reached.iter().take(MAX_GROUPS) {
        blocks.push(text!("{}not reached{:#}  {}", NOTICE, NOTICE, at(*place, function)));
        for change in changes.keys() {
            blocks.push(text!("            {}", line(change)));
        }
    }
    for groups in [survived, not_reached] {
        if let Some(more) = groups.len().checked_sub(MAX_GROUPS).filter(|more| *more > 0) {
            blocks.push(text!("{}and in {} more places, which --format json tells{:#}", DIM, more, DIM));
        }
    }
    for case in &report.left_out {
        blocks.push(text!("{}left out{:#}  {}: its result changes when it is watched", NOTICE, NOTICE, line(case)));
    }
    Text::join(&blocks, "\n")
}

fn at(place: Option<&SourceLine>, function: &str) -> Text {
    match place {
        Some(SourceLine { file, line: number, text: Some(says) }) => {
            text!("{}:{}  {}{}{:#}", line(file), *number, DIM, line(shortened(says, MAX_SHOWN)), DIM)
        }
        Some(SourceLine { file, line: number, text: None }) => text!("{}:{}", line(file), *number),
        None => text!("{}", line(shortened(function, MAX_SHOWN))),
    }
}

/// Most characters of a line of the source, and of a name, that are shown.
const MAX_SHOWN: usize = 120;

/// One line about all of them, and one when they are too many; nothing without `--mutants`.
pub(super) fn summary(report: &Report<'_>) -> Vec<Text> {
    let Some(mutants) = &report.mutants else {
        return report.mutants_asked.then(|| text!("mutants: none were run, since cases fail")).into_iter().collect();
    };
    let (killed, survived) = (mutants.killed(), mutants.survived());
    let all = killed + survived;
    let score = percent(killed as u64, all as u64);
    let style = if survived == 0 { GOOD } else { NOTICE };
    let mut told =
        text!("mutants: {} of {} noticed ({}), {}{} survived{:#}", killed, all, score, style, survived, style);
    for (count, what) in [
        (mutants.not_reached(), "in code that no case reaches"),
        (mutants.sampled_out, "not in the sample (--mutants=N)"),
        (mutants.out_of_time, "not run in time (--mutants-time)"),
    ] {
        if count > 0 {
            told.push(&text!(", {} {}", count, what));
        }
    }
    let mut lines = vec![told];
    if report.too_many_survive() {
        let min = usize::from(report.mutants_min.unwrap_or_default());
        lines.push(text!("{}FAIL{:#}  --mutants-min {}: the cases notice {}", BAD, BAD, min, score));
    }
    lines
}

/// The report for programs.
pub(super) fn json(report: &MutantReport) -> Value {
    let mutants = report.mutants.iter().map(|mutant| {
        let (fate, case) = match &mutant.fate {
            MutantFate::Killed(case) => ("killed", Some(case)),
            MutantFate::Survived => ("survived", None),
            MutantFate::NotReached => ("not reached", None),
        };
        let Mutant { change, function, offset, place, .. } = mutant;
        json!({
            "change": change,
            "function": function,
            "offset": offset,
            "file": place.as_ref().map(|place| &place.file),
            "line": place.as_ref().map(|place| place.line),
            "source": place.as_ref().and_then(|place| place.text.as_ref()),
            "fate": fate,
            "case": case,
        })
    });
    json!({
        "abi": report.abi,
        "mutants": mutants.collect::<Vec<_>>(),
        "left_out": report.left_out,
        "summary": {
            "killed": report.killed(),
            "survived": report.survived(),
            "not_reached": report.not_reached(),
            "not_in_sample": report.sampled_out,
            "not_run": report.out_of_time,
        },
    })
}
