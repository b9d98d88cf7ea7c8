//! Runs with injected faults, and the report about them.

use std::{collections::BTreeMap, io::IsTerminal as _};

use admit_host::{
    CompiledPolicy, Deadline, RunOptions,
    capabilities::Fault,
    case::{self, Case, FaultReport, FaultRun, LeftOut, MAX_FAULT_CALLS, Reaction},
};
use serde_json::{Value, json};

use crate::output::{
    BAD, DIM, GOOD, NOTICE, Text, aligned, hanging, line, shortened, text, to_progress_line, to_stderr,
};

/// Runs the cases with faults until `deadline`, and shows the progress on a terminal.
pub(super) fn inject<'c>(
    cases: &'c [Case],
    policies: &[CompiledPolicy],
    options: &RunOptions,
    deadline: Deadline,
) -> FaultReport<'c> {
    let terminal = std::io::stderr().is_terminal();
    let report = case::run_faults(cases, policies, options, deadline, |done, total| {
        // Ten steps at most, so that the lines do not take longer than the runs. Errors of writing them are ignored.
        if terminal && (done == total || done % total.div_ceil(10) == 0) {
            to_progress_line(&text!("{}{} of {} faults{:#}", DIM, done, total, DIM));
        }
    });
    if terminal && !report.runs.is_empty() {
        let _ = to_stderr(&Text::default());
    }
    report
}

/// Numbers of faults by the reactions to them.
#[derive(Default)]
struct Counts {
    closed: usize,
    open: usize,
    same: usize,
    other: usize,
    unknown: usize,
    out_of_time: usize,
    trapped: usize,
}

fn count(runs: &[FaultRun<'_>]) -> Counts {
    let mut counts = Counts::default();
    for run in runs {
        *match run.reaction {
            Reaction::Closed => &mut counts.closed,
            Reaction::Open => &mut counts.open,
            Reaction::SameVerdict => &mut counts.same,
            Reaction::OtherVerdict => &mut counts.other,
            Reaction::Unknown => &mut counts.unknown,
            Reaction::OutOfTime => &mut counts.out_of_time,
        } += 1;
        counts.trapped += usize::from(run.trapped);
    }
    counts
}

/// One line about all of them.
pub(super) fn summary(runs: &[FaultRun<'_>]) -> Text {
    let Counts { closed, open, same, other, unknown, out_of_time, trapped } = count(runs);
    let faults = if runs.len() == 1 { text!("1 fault") } else { text!("{} faults", runs.len()) };
    let shown = |count: usize, style: anstyle::Style, word: &'static str| match count {
        0 => text!("0 {}", word),
        count => text!("{}{} {}{:#}", style, count, word, style),
    };
    let mut told = text!(
        "{}: {}, {}, {}; empty or long answers: {} with the same verdict, {} with another one",
        faults,
        shown(closed, GOOD, "closed"),
        shown(open, BAD, "open"),
        shown(trapped, NOTICE, "trapped"),
        same,
        other
    );
    if unknown > 0 {
        let why = "the policy went on to ask what there is no answer for";
        told.push(&text!("; {}{} unknown{:#}: {}", NOTICE, unknown, NOTICE, why));
    }
    if out_of_time > 0 {
        let why = "the machine was too busy to tell, give more of it with --timeout";
        told.push(&text!("; {}{} out of time{:#}: {}", NOTICE, out_of_time, NOTICE, why));
    }
    told
}

/// A row of the report, for one call. ABIs with the same results share a row.
struct Row<'a, 'c> {
    abis: Vec<String>,
    /// In the order of [`Fault::all`]; those that do not apply are missing.
    runs: Vec<&'a FaultRun<'c>>,
}

fn rows<'a, 'c>(runs: &'a [FaultRun<'c>]) -> Vec<Row<'a, 'c>> {
    let calls = runs.chunk_by(|a, b| std::ptr::eq(a.case, b.case) && a.abi == b.abi && a.number == b.number);
    let mut rows: Vec<Row<'_, '_>> = Vec::new();
    for call in calls {
        let Some(first) = call.first() else { continue };
        let same = rows.iter_mut().find(|row| {
            row.runs.len() == call.len()
                && row.runs.iter().zip(call).all(|(a, b)| {
                    std::ptr::eq(a.case, b.case)
                        && (a.number, &a.call, &a.fault) == (b.number, &b.call, &b.fault)
                        && (a.reaction, a.trapped, words(a)) == (b.reaction, b.trapped, words(b))
                })
        });
        match same {
            Some(row) => row.abis.push(first.abi.to_string()),
            None => rows.push(Row { abis: vec![first.abi.to_string()], runs: call.iter().collect() }),
        }
    }
    rows
}

/// A cell of the table.
fn word(run: Option<&FaultRun<'_>>) -> Text {
    let Some(run) = run else { return text!("-") };
    let word = match run.reaction {
        Reaction::Closed => "closed",
        Reaction::Open => "OPEN",
        Reaction::SameVerdict => "same",
        Reaction::OtherVerdict => "other",
        Reaction::Unknown => "unknown",
        Reaction::OutOfTime => "out of time",
    };
    if run.trapped { text!("{}, trap", word) } else { text!("{}", word) }
}

/// The report for people: a row for each case and call, below it what was said, where it matters.
pub(super) fn text(report: &FaultReport<'_>, reasons: bool) -> Text {
    let rows = rows(&report.runs);
    if rows.is_empty() {
        return text!("no case that passes makes a host call, so nothing can go wrong with one");
    }
    let head = ["case", "ABI", "call"].map(line).into_iter();
    let mut cells = vec![head.chain(Fault::all().iter().map(line)).collect::<Vec<_>>()];
    for Row { abis, runs } in &rows {
        let Some(first) = runs.first() else { continue };
        let call = line(format_args!("{} {}/{}", first.number, first.call.namespace, first.call.operation));
        let mut row = vec![line(&first.case.name), line(abis.join(", ")), call];
        for fault in Fault::all() {
            row.push(word(runs.iter().copied().find(|run| run.fault == fault)));
        }
        cells.push(row);
    }
    let mut lines = aligned(&cells, &[]).into_iter();
    let mut blocks = vec![text!("{}{}{:#}", DIM, lines.next().unwrap_or_default(), DIM)];
    for (row, cells) in rows.iter().zip(lines) {
        let open = row.runs.iter().any(|run| run.reaction == Reaction::Open);
        let style = if open { BAD } else { anstyle::Style::new() };
        blocks.push(text!("{}{}{:#}", style, cells, style));
        blocks.extend(said(row, reasons));
    }
    blocks.extend(report.left_out.iter().map(left_out));
    Text::join(&blocks, "\n")
}

fn left_out(LeftOut { case, abi, calls }: &LeftOut<'_>) -> Text {
    text!(
        "{}{} ({}) makes {} calls: only the first {} went wrong, {} were left out{:#}",
        NOTICE,
        line(&case.name),
        line(abi),
        *calls + MAX_FAULT_CALLS,
        MAX_FAULT_CALLS,
        *calls,
        NOTICE
    )
}

/// What the policy said; faults with the same words are shown once, and long words in full only when everything is.
fn said(row: &Row<'_, '_>, all: bool) -> Vec<Text> {
    let matters = |run: &FaultRun<'_>| {
        run.trapped || matches!(run.reaction, Reaction::Open | Reaction::Unknown | Reaction::OutOfTime)
    };
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for run in row.runs.iter().filter(|run| all || matters(run)) {
        let words = if all { words(run) } else { shortened(&words(run), MAX_WORDS) };
        match lines.iter_mut().find(|(known, _)| *known == words) {
            Some((_, faults)) => faults.push(run.fault.name()),
            None => lines.push((words, vec![run.fault.name()])),
        }
    }
    let mut shown = Vec::new();
    if let Some(run) = row.runs.first().filter(|_| !lines.is_empty()) {
        let payload = shortened(&String::from_utf8_lossy(&run.call.payload), MAX_PAYLOAD);
        shown.push(text!("    {}asked{:#} {}", DIM, DIM, hanging(&payload, 6)));
    }
    shown.extend(
        lines
            .iter()
            .map(|(words, faults)| text!("    {}{}{:#}: {}", DIM, line(faults.join(", ")), DIM, hanging(words, 6))),
    );
    shown
}

/// How a run ended and why, without wasm frames: they tell nothing here, and differ between the ABIs.
fn words(run: &FaultRun<'_>) -> String {
    match &run.text {
        Some(text) => format!("{}: {}", run.verdict, text.split("\n    0: ").next().unwrap_or(text)),
        None => run.verdict.to_string(),
    }
}

/// Most characters of a payload, and of a reason, that are shown.
const MAX_PAYLOAD: usize = 160;
const MAX_WORDS: usize = 100;

/// The report for programs.
pub(super) fn json(report: &FaultReport<'_>) -> Value {
    let FaultReport { runs, left_out, out_of_time: not_run } = report;
    let left_out = left_out
        .iter()
        .map(|left_out| json!({"case": left_out.case.name, "abi": left_out.abi, "calls": left_out.calls}));
    let all = runs.iter().map(|run| {
        json!({
            "case": run.case.name,
            "abi": run.abi,
            "number": run.number,
            "call": format!("{}/{}", run.call.namespace, run.call.operation),
            "payload": String::from_utf8_lossy(&run.call.payload),
            "fault": run.fault.name(),
            "reaction": run.reaction.to_string(),
            "verdict": run.verdict.to_string(),
            "message": run.text,
            "trapped": run.trapped,
        })
    });
    let Counts { closed, open, same, other, unknown, out_of_time, trapped } = count(runs);
    let summary: BTreeMap<&str, usize> = BTreeMap::from([
        ("faults", runs.len()),
        ("closed", closed),
        ("open", open),
        ("same_verdict", same),
        ("other_verdict", other),
        ("unknown", unknown),
        ("out_of_time", out_of_time),
        ("trapped", trapped),
        ("not_run", *not_run),
    ]);
    json!({ "runs": all.collect::<Vec<_>>(), "left_out": left_out.collect::<Vec<_>>(), "summary": summary })
}
