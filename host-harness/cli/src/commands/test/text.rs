//! The report for people.

use admit_host::case::{CaseRun, Stub};

use super::{
    super::build::sizes,
    Report, bless,
    difference::{difference, distinct},
    faults, mutants, shapes,
};
use crate::output::{BAD, DIM, Detail, GOOD, NOTICE, Telling, Text, aligned, bytes, fuel, hanging, line, story, text};

pub(super) fn render(report: &Report<'_>) -> Text {
    let groups: Vec<&[CaseRun<'_>]> = report.runs.chunk_by(|a, b| std::ptr::eq(a.case, b.case)).collect();
    // Aligned as plain text; marks, which carry colour, are put in front afterwards.
    let rows: Vec<Vec<Text>> = groups.iter().map(|runs| row(runs)).collect();
    let mut blocks = bless::text(&report.blessed);
    blocks.push(line(report.package));
    for (runs, row) in groups.iter().zip(aligned(&rows, &[2, 3, 5, 6])) {
        let (style, mark) = if runs.iter().all(CaseRun::passed) { (GOOD, "ok  ") } else { (BAD, "FAIL") };
        blocks.push(text!("{}{}{:#}  {}", style, mark, style, row));
        blocks.extend(failures(runs, report.detail));
    }
    blocks.push(Text::default());
    if let Some(faults) = &report.faults {
        blocks.push(faults::text(faults, report.fault_reasons));
        blocks.push(Text::default());
    }
    if let Some(mutants) = &report.mutants {
        blocks.push(mutants::text(mutants));
        blocks.push(Text::default());
    }
    if let Some(told) = report
        .shapes
        .as_ref()
        .map(|shapes| shapes::text(shapes, report.shapes_asked))
        .filter(|told| !told.as_str().is_empty())
    {
        blocks.push(told);
        blocks.push(Text::default());
    }
    blocks.push(sizes(report.artifacts));
    blocks.push(Text::default());
    blocks.push(summary(report));
    if report.failed() == 0 {
        blocks.extend(vacuous(&report.stubs));
    }
    blocks.extend(report.faults.as_ref().map(|faults| faults::summary(&faults.runs)));
    blocks.extend(mutants::summary(report));
    blocks.extend(report.shapes.as_ref().and_then(|shapes| shapes::summary(shapes, report.shapes_asked)));
    blocks.extend(report.closed_faults().map(|open| {
        let times = if open == 1 { text!("once") } else { text!("{} times", open) };
        let what = "--faults=closed: a request entered";
        text!("{}FAIL{:#}  {} {} although the policy had no answer (OPEN)", BAD, BAD, what, times)
    }));
    Text::join(&blocks, "\n")
}

fn row(runs: &[CaseRun<'_>]) -> Vec<Text> {
    let name = runs.first().map(|run| line(&run.case.name)).unwrap_or_default();
    let cells = runs.iter().flat_map(|run| [line(run.abi), fuel(&run.trace), bytes(run.trace.peak_memory)]);
    std::iter::once(name).chain(cells).collect()
}

/// What went wrong; runs on several ABIs that went wrong in the same way are shown once.
fn failures(runs: &[CaseRun<'_>], detail: Detail) -> Vec<Text> {
    let mut blocks = Vec::new();
    for (index, (run, abis)) in distinct(runs).into_iter().enumerate() {
        if let Some(about) = run.case.about.as_deref().filter(|_| index == 0) {
            blocks.push(text!("      {}{}{:#}", DIM, hanging(about, 12), DIM));
        }
        blocks.push(text!("      {}on {}{:#}", NOTICE, line(abis), NOTICE));
        blocks.extend(run.differences.iter().map(|found| difference(&run.case.path, found, 8)));
        let note = |note| text!("        {}note{:#}      {}", DIM, DIM, hanging(note, 18));
        blocks.extend(run.case.notes.iter().map(note));
        let told: Vec<&str> = run.differences.iter().map(|difference| difference.actual.as_str()).collect();
        let telling = Telling { abi: run.abi, told: &told.join("\n"), detail, indent: 8 };
        blocks.push(story(&run.trace, telling));
    }
    blocks
}

fn summary(report: &Report<'_>) -> Text {
    let failed = report.failed();
    let passed = report.runs.len() - failed;
    let plural = |count: usize, word: &'static str| text!("{} {}{}", count, word, if count == 1 { "" } else { "s" });
    let (style, failed) = if failed == 0 { (GOOD, failed) } else { (BAD, failed) };
    let skipped = match report.skipped() {
        0 => Text::default(),
        skipped => text!(", {} skipped", skipped),
    };
    text!(
        "{} × {}: {} passed, {}{} failed{:#}{}",
        plural(report.cases, "case"),
        plural(report.abis, "ABI"),
        passed,
        style,
        failed,
        style,
        skipped
    )
}

/// That the cases show nothing of what the policy does.
pub(super) fn vacuous(stubs: &[Stub]) -> Option<Text> {
    let stub = stubs.first()?;
    let missing = match stub {
        Stub::AlwaysAccept => "one that is rejected",
        Stub::AlwaysReject => "one that is accepted",
        Stub::AlwaysError | Stub::IdentityMutate => "one that it does not pass",
    };
    Some(text!(
        "{}vacuous{:#}: a policy that {} passes these cases as well; add {}",
        NOTICE,
        NOTICE,
        stub.does(),
        missing
    ))
}
