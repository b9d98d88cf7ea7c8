//! What differs between expectation and answer, for people.

use std::path::Path;

use admit_host::case::{CaseRun, Difference};

use super::lines;
use crate::output::{BAD, DIM, GOOD, Text, hanging, indent as spaces, line, text, thousands};

/// The runs of a case that failed, each with the ABIs on which the same went wrong.
pub(super) fn distinct<'r, 'c>(runs: &'r [CaseRun<'c>]) -> Vec<(&'r CaseRun<'c>, String)> {
    let mut found: Vec<(&CaseRun<'_>, Vec<String>)> = Vec::new();
    for run in runs.iter().filter(|run| !run.passed()) {
        match found.iter_mut().find(|(known, _)| known.differences == run.differences) {
            Some((_, abis)) => abis.push(run.abi.to_string()),
            None => found.push((run, vec![run.abi.to_string()])),
        }
    }
    found.into_iter().map(|(run, abis)| (run, abis.join(", "))).collect()
}

/// The field, the line of the case file that says what is expected, and both texts, or what differs between their lines. `indent` spaces
/// are before each line.
pub(super) fn difference(file: &Path, difference: &Difference, indent: usize) -> Text {
    let Difference { field, expected, actual, at } = difference;
    let at = match at {
        Some(at) => text!("  {}{}:{}{:#}", DIM, line(file.display()), at.line, DIM),
        None => Text::default(),
    };
    let mut told = text!("{}{}{}\n", spaces(indent), line(field), at);
    match lines::unified(expected, actual, indent + 2) {
        Some(unified) => told.push(&unified),
        None => told.push(&both(expected, actual, indent + 2)),
    }
    told
}

/// One text below the other.
fn both(expected: &str, actual: &str, indent: usize) -> Text {
    let (indent, texts) = (spaces(indent), indent + 10);
    let mut told = text!(
        "{}expected  {}{}{:#}\n{}actual    {}{}{:#}",
        indent,
        GOOD,
        hanging(expected, texts),
        GOOD,
        indent,
        BAD,
        hanging(actual, texts),
        BAD
    );
    match first_difference(expected, actual) {
        Some(column) if column <= MAX_POINTED => {
            told.push(&text!("\n{}^ from here", spaces(texts + column)));
        }
        // Nobody follows a line that far.
        Some(column) => told.push(&text!("\n{}from character {} on", spaces(texts), thousands(column as u64 + 1))),
        None => {}
    }
    told
}

/// The last column that is pointed at, which is a few lines of a terminal.
const MAX_POINTED: usize = 300;

/// The position of the first difference of two long one-line texts, in characters; `None` when it would not help to find it.
fn first_difference(expected: &str, actual: &str) -> Option<usize> {
    let one_line = |text: &str| !text.chars().any(char::is_control);
    let common = expected.chars().zip(actual.chars()).take_while(|(a, b)| a == b).count();
    (one_line(expected) && one_line(actual) && common >= 8).then_some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats have no widths above 65,535, and nobody needs one.
    #[test]
    fn a_difference_can_be_anywhere_in_a_text() {
        for (common, told) in
            [(280, "^ from here"), (301, "from character 302 on"), (70_000, "from character 70,001 on")]
        {
            let [expected, actual] = ["b", "c"].map(|end| "a".repeat(common) + end);
            let difference = Difference { field: "message".to_owned(), expected, actual, at: None };
            let shown = super::difference(Path::new("case.yaml"), &difference, 8).to_string();
            let last = shown.lines().last().expect("a line");
            assert!(last.ends_with(told) && last.len() < 400, "{common}: {last}");
        }
    }

    #[test]
    fn texts_part_where_they_differ() {
        assert_eq!(first_difference("privileged containers", "privileged container:"), Some(20));
        assert_eq!(first_difference("accept", "reject: no"), None);
        assert_eq!(first_difference("a long text\nand more", "a long text\nand most"), None);
    }
}
