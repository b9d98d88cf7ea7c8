//! Moved violations, and the report about them.

use std::io::IsTerminal as _;

use admit_host::{
    CompiledPolicy, Deadline, RunOptions,
    case::{self, Case, Fate, NotMoved, Shape, ShapeReport, ShapeRun, Undelivered},
};
use serde_json::{Value, json};

use crate::output::{BAD, DIM, GOOD, NOTICE, Text, hanging, line, shortened, text, to_progress_line, to_stderr};

/// Moves the violations of the cases until `deadline`, and shows the progress on a terminal.
pub(super) fn moved<'c>(
    cases: &'c [Case],
    policies: &[CompiledPolicy],
    options: &RunOptions,
    deadline: Deadline,
) -> ShapeReport<'c> {
    let terminal = std::io::stderr().is_terminal();
    let report = case::run_shapes(cases, policies, options, deadline, |done, total| {
        // Ten steps at most, so that the lines do not take longer than the runs. Errors of writing them are ignored.
        if terminal && (done == total || done % total.div_ceil(10) == 0) {
            to_progress_line(&text!("{}violations of {} of {} cases moved{:#}", DIM, done, total, DIM));
        }
    });
    if terminal && !report.runs.is_empty() {
        let _ = to_stderr(&Text::default());
    }
    report
}

/// How often something is there that should not be.
pub(super) fn failures(report: &ShapeReport<'_>) -> usize {
    let runs = report.runs.iter().filter(|run| run.is_wrong() && run.waived().is_none()).count();
    runs + report.undelivered.iter().filter(|undelivered| undelivered.waived().is_none()).count() + report.out_of_time
}

/// Numbers of variants by what came of them.
struct Counts {
    variants: usize,
    rejected: usize,
    accepted: usize,
    no_answer: usize,
    answered: usize,
    broke: usize,
}

fn count(report: &ShapeReport<'_>) -> Counts {
    let of = |fate| report.runs.iter().filter(|run| run.fate == fate).count();
    let (answered, broke) = (of(Fate::Answered), of(Fate::Broke));
    Counts {
        variants: report.runs.len() - answered - broke,
        rejected: of(Fate::Rejected),
        accepted: of(Fate::Accepted),
        no_answer: of(Fate::NoAnswer),
        answered,
        broke,
    }
}

/// One line about all of them. Where only the suite asks for it, nothing is said when there was nothing to move.
pub(super) fn summary(report: &ShapeReport<'_>, asked: bool) -> Option<Text> {
    let counts = count(report);
    let to_tell = counts.variants > 0 || counts.broke > 0 || !report.undelivered.is_empty() || report.out_of_time > 0;
    (asked || to_tell).then(|| told(report, &counts))
}

fn told(report: &ShapeReport<'_>, counts: &Counts) -> Text {
    let Counts { variants, rejected, accepted, no_answer, answered, broke } = *counts;
    if report.runs.is_empty() {
        return text!("no violation was moved: those of cases that pass are, on Kubewarden's ABIs");
    }
    let many = |count: usize, one: &'static str, many: &'static str| {
        text!("{} {}", count, if count == 1 { one } else { many })
    };
    let bad = |count: usize, word: &'static str| match count {
        0 => text!("0 {}", word),
        count => text!("{}{} {}{:#}", BAD, count, word, BAD),
    };
    let mut told = text!(
        "{}: {}{} rejected{:#}, {}, {} without an answer; {}: {}",
        many(variants, "moved violation", "moved violations"),
        GOOD,
        rejected,
        GOOD,
        bad(accepted, "accepted"),
        no_answer,
        many(answered + broke, "DELETE", "DELETEs"),
        bad(broke, "broke the policy")
    );
    if !report.undelivered.is_empty() {
        let undelivered = grouped(report.undelivered.iter(), |a, b| a.why == b.why).len();
        told.push(&text!("; {}", bad(undelivered, "never delivered by the rules")));
    }
    let waived = report.runs.iter().filter_map(ShapeRun::waived).count()
        + report.undelivered.iter().filter_map(Undelivered::waived).count();
    if waived > 0 {
        told.push(&text!("; {} of these waived", waived));
    }
    told
}

/// The report for people: what slipped through, what the policy breaks on, what is never delivered; below it what was waived and, where
/// somebody `asked` for it, left out. Empty when there is nothing of it.
pub(super) fn text(report: &ShapeReport<'_>, asked: bool) -> Text {
    let mut blocks: Vec<Text> = failed(report).into_iter().map(|(_, told)| told).collect();
    blocks.extend(waived(report));
    if asked {
        blocks.extend(left_out(&report.left_out));
    }
    Text::join(&blocks, "\n")
}

/// What there is that should not be, each with the first case that shows it, as people are told it.
pub(super) fn failed<'c>(report: &ShapeReport<'c>) -> Vec<(Option<&'c Case>, Text)> {
    let wrong = grouped(report.runs.iter().filter(|run| run.is_wrong() && run.waived().is_none()), |a, b| {
        (a.shape, a.fate) == (b.shape, b.fate)
    });
    let undelivered = grouped(report.undelivered.iter().filter(|it| it.waived().is_none()), |a, b| a.why == b.why);
    let mut failed: Vec<_> = wrong.iter().map(|runs| (runs.first().map(|run| run.case), slipped(runs))).collect();
    failed.extend(undelivered.iter().map(|them| (them.first().map(|it| it.case), never_delivered(them))));
    if report.out_of_time > 0 {
        let cases = if report.out_of_time == 1 { "case was" } else { "cases were" };
        let why = "not looked at, because the time for moving violations was up: give more with --shapes-timeout";
        failed.push((None, text!("{}FAIL{:#}  {} {} {}", BAD, BAD, report.out_of_time, cases, why)));
    }
    failed
}

/// Those that are the same to `same`, in the order of their first ones.
fn grouped<'r, T>(all: impl Iterator<Item = &'r T>, same: impl Fn(&T, &T) -> bool) -> Vec<Vec<&'r T>> {
    let mut groups: Vec<Vec<&T>> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| same(first, one))) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// Most cases that are named, and most characters of an object and of a reason.
const MAX_NAMED: usize = 8;
const MAX_OBJECT: usize = 600;
const MAX_WORDS: usize = 300;

fn slipped(runs: &[&ShapeRun<'_>]) -> Text {
    let Some(run) = runs.first() else { return Text::default() };
    let (name, shape) = (run.case.name.as_str(), run.shape);
    let on = abis(runs.iter().filter(|other| other.case.name == name).map(|run| run.abi.to_string()));
    let what = match run.fate {
        Fate::Broke => "the policy breaks on the DELETE of its object",
        _ => "accepted, although the case is rejected",
    };
    let mut told = text!("{}FAIL{:#}  {} as {} on {}: {}", BAD, BAD, line(name), line(shape), line(on), what);
    let mut say = |word: &'static str, words: &str| {
        told.push(&text!("\n      {}{}{:#} {}", DIM, word, DIM, hanging(words, 14)));
    };
    if let Some(text) = &run.text {
        say("said   ", &shortened(text.split("\n    0: ").next().unwrap_or(text), MAX_WORDS));
    }
    say("asked  ", &run.asked);
    if let Some(object) =
        run.request.as_ref().and_then(|request| request.object.as_ref().or(request.old_object.as_ref()))
    {
        say("object ", &shortened(&object.to_string(), MAX_OBJECT));
    }
    if let Some(why) = &run.not_asked {
        say("rules  ", &format!("it shows with other rules only: {why}"));
    }
    let others = names(runs.iter().map(|run| run.case.name.as_str()).filter(|other| *other != name));
    if let Some(others) = others {
        say("also   ", &others);
    }
    told.push(&hint(shape));
    told
}

fn never_delivered(all: &[&Undelivered<'_>]) -> Text {
    let Some(first) = all.first() else { return Text::default() };
    let on = abis(all.iter().map(|undelivered| undelivered.abi.to_string()));
    let rule = Shape::RulesDeliver;
    let mut told = text!("{}FAIL{:#}  {} on {}: {}", BAD, BAD, line(rule), line(on), hanging(&first.why, 14));
    let what = format!("the policy rejects it when it is asked: {} as {}", first.case.name, first.shape);
    told.push(&text!("\n      {}but    {:#} {}", DIM, DIM, hanging(&what, 14)));
    told.push(&text!("\n      {}asked  {:#} {}", DIM, DIM, hanging(&first.asked, 14)));
    told.push(&hint(rule));
    told
}

fn hint(shape: Shape) -> Text {
    let place = "in the case, or for all in cases/_suite.yaml";
    text!("\n      {}if it is right, say why: waive: {{ {}: … }} {}{:#}", DIM, line(shape), place, DIM)
}

fn waived(report: &ShapeReport<'_>) -> Vec<Text> {
    let runs = report.runs.iter().filter_map(|run| Some((run.shape, run.case.name.as_str(), run.waived()?)));
    let undelivered = report.undelivered.iter();
    let undelivered = undelivered.filter_map(|it| Some((Shape::RulesDeliver, it.case.name.as_str(), it.waived()?)));
    let all: Vec<_> = runs.chain(undelivered).collect();
    let groups = grouped(all.iter(), |a, b| (a.0, a.2) == (b.0, b.2));
    let told = groups.iter().filter_map(|group| {
        let (shape, _, reason) = group.first()?;
        let names = names(group.iter().map(|(_, name, _)| *name))?;
        let what = format!("{shape} of {names}: {reason}");
        Some(text!("{}waived{:#}    {}", NOTICE, NOTICE, hanging(&what, 10)))
    });
    told.collect()
}

fn left_out(all: &[NotMoved<'_>]) -> Vec<Text> {
    let groups = grouped(all.iter(), |a, b| (&a.shapes, &a.why) == (&b.shapes, &b.why));
    let told = groups.iter().filter_map(|group| {
        let NotMoved { shapes, why, .. } = group.first()?;
        let names = names(group.iter().map(|left_out| left_out.case.name.as_str()))?;
        let shapes = shapes.iter().map(Shape::to_string).collect::<Vec<_>>().join(", ");
        let what = format!("{names}: {}; not asked: {shapes}", shortened(why, MAX_WORDS));
        Some(text!("{}left out  {}{:#}", DIM, hanging(&what, 10), DIM))
    });
    told.collect()
}

/// Each of them once; `None` when there are none.
fn names<'n>(all: impl Iterator<Item = &'n str>) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in all {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(MAX_NAMED);
    names.truncate(MAX_NAMED);
    let named = names.join(", ");
    match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(named),
        (false, more) => Some(format!("{named} and {more} more")),
    }
}

fn abis(all: impl Iterator<Item = String>) -> String {
    let mut abis: Vec<String> = all.collect();
    abis.sort();
    abis.dedup();
    abis.join(", ")
}

/// The report for programs.
pub(super) fn json(report: &ShapeReport<'_>) -> Value {
    let runs = report.runs.iter().map(|run| {
        let fate = match run.fate {
            Fate::Rejected => "rejected",
            Fate::Accepted => "accepted",
            Fate::NoAnswer => "no answer",
            Fate::Answered => "answered",
            Fate::Broke => "broke",
        };
        json!({
            "case": run.case.name,
            "abi": run.abi,
            "shape": run.shape.to_string(),
            "asked": run.asked,
            "fate": fate,
            "request": run.request,
            "message": run.text,
            "passed": !run.is_wrong() || run.waived().is_some(),
            "waived": run.waived(),
            "not_asked": run.not_asked,
        })
    });
    let undelivered = report.undelivered.iter().map(|it| {
        json!({
            "case": it.case.name,
            "abi": it.abi,
            "shape": it.shape.to_string(),
            "asked": it.asked,
            "why": it.why,
            "waived": it.waived(),
        })
    });
    let left_out = report.left_out.iter().map(|it| {
        let shapes: Vec<String> = it.shapes.iter().map(Shape::to_string).collect();
        json!({ "case": it.case.name, "abi": it.abi, "shapes": shapes, "why": it.why })
    });
    let Counts { variants, rejected, accepted, no_answer, answered, broke } = count(report);
    json!({
        "runs": runs.collect::<Vec<_>>(),
        "undelivered": undelivered.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
        "summary": {
            "variants": variants,
            "rejected": rejected,
            "accepted": accepted,
            "no_answer": no_answer,
            "deletes_answered": answered,
            "deletes_that_broke": broke,
            "undelivered": report.undelivered.len(),
            "failures": failures(report),
            "not_run": report.out_of_time,
        },
    })
}
