//! The report for people.

use admit_host::case::{CaseRun, Difference};

use super::{super::build::sizes, Report, faults};
use crate::output::{BAD, DIM, Detail, GOOD, NOTICE, Telling, bytes, fuel, hanging, printable, story, table};

pub(super) fn render(report: &Report<'_>) -> String {
    let groups: Vec<&[CaseRun<'_>]> = report.runs.chunk_by(|a, b| std::ptr::eq(a.case, b.case)).collect();
    // Aligned as plain text; marks, which carry colour, are put in front afterwards.
    let rows: Vec<Vec<String>> = groups.iter().map(|runs| row(runs)).collect();
    let aligned = table(&rows, &[2, 3, 5, 6]);
    let mut blocks = vec![format!("{}", printable(report.package))];
    for (runs, line) in groups.iter().zip(aligned.lines()) {
        let (style, mark) = if runs.iter().all(CaseRun::passed) { (GOOD, "ok  ") } else { (BAD, "FAIL") };
        blocks.push(format!("{style}{mark}{style:#}  {}", printable(line)));
        blocks.extend(failures(runs, report.detail));
    }
    blocks.push(String::new());
    if let Some(faults) = &report.faults {
        blocks.push(faults::text(faults, report.fault_reasons));
        blocks.push(String::new());
    }
    blocks.push(sizes(report.artifacts));
    blocks.push(String::new());
    blocks.push(summary(report));
    blocks.extend(report.faults.as_ref().map(|faults| faults::summary(&faults.runs)));
    blocks.extend(report.closed_faults().map(|open| {
        let times = if open == 1 { "once".to_owned() } else { format!("{open} times") };
        format!("{BAD}FAIL{BAD:#}  --faults=closed: a request entered {times} although the policy had no answer (OPEN)")
    }));
    blocks.join("\n")
}

fn row(runs: &[CaseRun<'_>]) -> Vec<String> {
    let name = runs.first().map(|run| run.case.name.clone()).unwrap_or_default();
    let cells = runs.iter().flat_map(|run| [run.abi.to_string(), fuel(&run.trace), bytes(run.trace.peak_memory)]);
    std::iter::once(name).chain(cells).collect()
}

/// What went wrong; runs on several ABIs that went wrong in the same way are shown once.
fn failures(runs: &[CaseRun<'_>], detail: Detail) -> Vec<String> {
    let mut blocks = Vec::new();
    let failed: Vec<&CaseRun<'_>> = runs.iter().filter(|run| !run.passed()).collect();
    for (index, run) in failed.iter().enumerate() {
        if failed[..index].iter().any(|earlier| earlier.differences == run.differences) {
            continue;
        }
        let same = failed.iter().filter(|other| other.differences == run.differences);
        let abis: Vec<String> = same.map(|run| run.abi.to_string()).collect();
        if let Some(about) = run.case.about.as_deref().filter(|_| index == 0) {
            blocks.push(format!("      {DIM}{}{DIM:#}", printable(about)));
        }
        blocks.push(format!("      {NOTICE}on {}{NOTICE:#}", abis.join(", ")));
        blocks.extend(run.differences.iter().map(difference));
        blocks.extend(run.case.notes.iter().map(|note| format!("        {DIM}note{DIM:#}      {}", hanging(note, 18))));
        let told: Vec<&str> = run.differences.iter().map(|difference| difference.actual.as_str()).collect();
        let telling = Telling { abi: run.abi, told: &told.join("\n"), detail, indent: 8 };
        blocks.push(story(&run.trace, telling));
    }
    blocks
}

fn difference(difference: &Difference) -> String {
    let Difference { field, expected, actual } = difference;
    let mut text = format!(
        "        {}\n          expected  {GOOD}{}{GOOD:#}\n          actual    {BAD}{}{BAD:#}",
        printable(field),
        hanging(expected, 20),
        hanging(actual, 20),
    );
    if let Some(column) = first_difference(expected, actual) {
        text.push_str(&format!("\n{:width$}^ from here", "", width = 20 + column));
    }
    text
}

/// The position of the first difference of two long one-line texts, in characters; `None` when it would not help to find it.
fn first_difference(expected: &str, actual: &str) -> Option<usize> {
    let one_line = |text: &str| !text.chars().any(char::is_control);
    let common = expected.chars().zip(actual.chars()).take_while(|(a, b)| a == b).count();
    (one_line(expected) && one_line(actual) && common >= 8).then_some(common)
}

fn summary(report: &Report<'_>) -> String {
    let failed = report.failed();
    let passed = report.runs.len() - failed;
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let (style, failed) = if failed == 0 { (GOOD, failed) } else { (BAD, failed) };
    let skipped = match report.skipped() {
        0 => String::new(),
        skipped => format!(", {skipped} skipped"),
    };
    format!(
        "{} × {}: {passed} passed, {style}{failed} failed{style:#}{skipped}",
        plural(report.cases, "case"),
        plural(report.abis, "ABI"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_part_where_they_differ() {
        assert_eq!(first_difference("privileged containers", "privileged container:"), Some(20));
        assert_eq!(first_difference("accept", "reject: no"), None);
        assert_eq!(first_difference("a long text\nand more", "a long text\nand most"), None);
    }
}
