//! What differs between two texts of several lines, or between two documents.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::output::{BAD, DIM, Data, GOOD, Text, indent as spaces, line, text, thousands};

/// Longest document that is laid out in lines.
const MAX_DOCUMENT: usize = 1 << 20;

/// Shortest document for which that is better than one line.
const MIN_DOCUMENT: usize = 60;

/// Most lines of each text that are compared, after those with which both begin.
const MAX_COMPARED: usize = 300;

/// Most lines that are shown, lines around a difference, and characters of a line.
const MAX_SHOWN: usize = 60;
const AROUND: usize = 3;
const MAX_LINE: usize = 300;

/// The lines that only one of the texts has, behind `-` where it is the expected one and `+` where it is the actual one, with what is
/// around them; `None` for texts that are better shown as they are.
pub(super) fn unified(expected: &str, actual: &str, indent: usize) -> Option<Text> {
    let (expected, actual) = (laid_out(expected), laid_out(actual));
    let [old, new] = [&expected, &actual].map(|text| text.split('\n').collect::<Vec<_>>());
    if old.len() < 2 || new.len() < 2 {
        return None;
    }
    let shown = differing(&old, &new);
    let mut lines = vec![text!("{}{}- expected{:#}  {}+ actual{:#}", spaces(indent), GOOD, GOOD, BAD, BAD)];
    lines.extend(shown.lines.iter().map(|(kind, words)| {
        let (style, mark) = match kind {
            Kind::Both => (DIM, " "),
            Kind::Expected => (GOOD, "-"),
            Kind::Actual => (BAD, "+"),
        };
        text!("{}{}{} {}{:#}", spaces(indent), style, mark, line(words), style)
    }));
    if shown.more > 0 {
        lines.push(text!("{}{}and {} more lines{:#}", spaces(indent), DIM, thousands(shown.more as u64), DIM));
    }
    Some(Text::join(&lines, "\n"))
}

/// A document in lines, a text as it is.
fn laid_out(text: &str) -> String {
    let is_document = text.starts_with(['{', '[']) && (MIN_DOCUMENT..MAX_DOCUMENT).contains(&text.len());
    let document = is_document.then(|| serde_json::from_str::<serde_json::Value>(text).ok()).flatten();
    let laid_out = document.and_then(|document| Data::pretty_json(&document).ok());
    laid_out.map_or_else(|| text.to_owned(), |document| document.as_str().to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Both,
    Expected,
    Actual,
}

struct Shown {
    lines: Vec<(Kind, String)>,
    /// Lines of both texts that are neither the same nor shown.
    more: usize,
}

fn differing(old: &[&str], new: &[&str]) -> Shown {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let [old_middle, new_middle] = [old, new].map(|lines| &lines[start..lines.len() - end]);
    let [old_part, new_part] = [old_middle, new_middle].map(|lines| &lines[..lines.len().min(MAX_COMPARED)]);
    let mut shown = Shown { lines: Vec::new(), more: 0 };
    let whole = |line: &&str| (Kind::Both, cut(line, 0));
    shown.lines.extend(old[start.saturating_sub(AROUND)..start].iter().map(whole));
    for operation in capture_diff_slices(Algorithm::Myers, old_part, new_part) {
        add(operation, old_part, new_part, &mut shown.lines);
    }
    if old_part.len() == old_middle.len() && new_part.len() == new_middle.len() {
        shown.lines.extend(old[old.len() - end..].iter().take(AROUND).map(whole));
    }
    let told = shown.lines.iter().take(MAX_SHOWN).filter(|(kind, _)| *kind != Kind::Both).count();
    let different = shown.lines.iter().filter(|(kind, _)| *kind != Kind::Both).count();
    shown.more = different - told + (old_middle.len() - old_part.len()) + (new_middle.len() - new_part.len());
    shown.lines.truncate(MAX_SHOWN);
    shown
}

fn add(operation: DiffOp, old: &[&str], new: &[&str], lines: &mut Vec<(Kind, String)>) {
    let (old, new) = (&old[operation.old_range()], &new[operation.new_range()]);
    match operation {
        DiffOp::Equal { .. } if old.len() > 2 * AROUND => {
            let whole = |line: &&str| (Kind::Both, cut(line, 0));
            lines.extend(old[..AROUND].iter().map(whole));
            lines.push((Kind::Both, "…".to_owned()));
            lines.extend(old[old.len() - AROUND..].iter().map(whole));
        }
        DiffOp::Equal { .. } => lines.extend(old.iter().map(|line| (Kind::Both, cut(line, 0)))),
        _ => {
            // A line and what became of it are shown from the same character on.
            let from = |index: usize| match (old.get(index), new.get(index)) {
                (Some(a), Some(b)) => a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count(),
                _ => 0,
            };
            lines.extend(old.iter().enumerate().map(|(index, line)| (Kind::Expected, cut(line, from(index)))));
            lines.extend(new.iter().enumerate().map(|(index, line)| (Kind::Actual, cut(line, from(index)))));
        }
    }
}

/// The part of a long line in which something differs at this character.
fn cut(line: &str, differs: usize) -> String {
    let start = if differs > MAX_LINE / 2 { differs - AROUND * 10 } else { 0 };
    let mut rest = line.chars().skip(start);
    let part: String = rest.by_ref().take(MAX_LINE).collect();
    let [before, after] = [start > 0, rest.next().is_some()].map(|more| if more { "…" } else { "" });
    format!("{before}{part}{after}")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::output::plain;

    fn shown(expected: &str, actual: &str) -> Vec<String> {
        unified(expected, actual, 0).map(|text| plain(&text)).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    #[test]
    fn documents_and_texts_of_several_lines() {
        let expected = r#"{"args":["a","b","c"],"image":"nginx:1.25","name":"web","resources":{"limits":{"cpu":"1"}}}"#;
        let actual = expected.replace("1.25", "1.27").replace(r#""b","#, "");
        let told = shown(expected, &actual);
        assert_eq!(told[0], "- expected  + actual");
        let parts = [
            "      \"a\",",
            "-     \"b\",",
            "      \"c\"",
            "-   \"image\": \"nginx:1.25\",",
            "+   \"image\": \"nginx:1.27\",",
        ];
        for part in parts {
            assert!(told.contains(&part.to_owned()), "{part}: {told:#?}");
        }
        assert_eq!(shown("one\ntwo\nthree", "one\n2\nthree")[1..], ["  one", "- two", "+ 2", "  three"]);
        for (expected, actual) in
            [("one", "two\nthree"), ("(none)", expected), ("{}", "[]"), ("{\"a\":1}", "{\"a\":2}")]
        {
            assert_eq!(shown(expected, actual), [""; 0]);
        }
    }

    #[test]
    fn what_is_far_apart_is_shown_without_what_is_between() {
        let lines = |first: &str, last: &str| format!("{first}\n{}{last}", "same\n".repeat(100));
        let told = shown(&lines("a", "b"), &lines("c", "d"));
        let same = ["  same"; 3];
        assert_eq!(told[1..], [&["- a", "+ c"][..], &same, &["  …"], &same, &["- b", "+ d"]].concat());
    }

    /// A text of a policy has up to 15 MB.
    #[test]
    fn large_texts_are_soon_compared_and_short_when_shown() {
        let many = |word: &str| format!("{word}\n").repeat(1_000_000);
        let long = |end: &str| format!("{}\n{}{end}\n", "x".repeat(8 << 20), "y".repeat(8 << 20));
        let begun = Instant::now();
        let told = shown(&many("expected text"), &many("actual text"));
        assert_eq!((told.len(), told.last().map(String::as_str)), (62, Some("and 1,999,940 more lines")));
        let told = shown(&long("a"), &long("b"));
        assert!(told.iter().all(|line| line.chars().count() < 310), "{}", told.len());
        let ends: Vec<&str> = told.iter().filter_map(|line| line.get(line.len().checked_sub(3)?..)).collect();
        assert!(ends.contains(&"yya") && ends.contains(&"yyb"), "{told:#?}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }
}
