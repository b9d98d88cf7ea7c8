//! Markdown as GitHub and GitLab show it, for summaries of jobs and comments.

use super::{
    super::text::vacuous,
    Told,
    finding::{Finding, start},
};
use crate::output::{plain, text};

/// Most things that are shown, and most characters of each: the summary of a job has place for a megabyte.
const MAX_SHOWN: usize = 50;
const MAX_TEXT: usize = 4_000;

pub(super) fn render(told: &Told<'_, '_>) -> String {
    let findings = &told.findings;
    let mut parts = vec![format!("### {}: {}", code(&plain(&told.name)), counted(told))];
    if !findings.is_empty() {
        let mut table = vec!["| what | where |".to_owned(), "| --- | --- |".to_owned()];
        table.extend(findings.iter().take(MAX_SHOWN).map(|finding| row(finding, told)));
        parts.push(table.join("\n"));
        parts.extend(findings.iter().take(MAX_SHOWN).map(details));
    }
    parts.extend(told.report.and_then(|report| vacuous(&report.stubs)).map(|told| plain(&told)));
    if findings.len() > MAX_SHOWN {
        parts.push(format!("And {} more.", findings.len() - MAX_SHOWN));
    }
    parts.join("\n\n")
}

/// What came of it, in a few words.
fn counted(told: &Told<'_, '_>) -> String {
    let Some(report) = told.report else { return "the tests did not run".to_owned() };
    let failed = report.failed();
    let mut words = vec![format!("{} passed", report.runs.len() - failed), format!("{failed} failed")];
    if report.skipped() > 0 {
        words.push(format!("{} skipped", report.skipped()));
    }
    if let Some(open) = report.closed_faults() {
        words.push(format!("{open} faults let a request in"));
    }
    words.join(", ")
}

fn row(finding: &Finding, told: &Told<'_, '_>) -> String {
    let at = finding.at.as_ref().map_or(String::new(), |at| {
        let file = told.root.name(&at.file);
        code(&plain(&match at.position {
            Some(at) => text!("{}:{}", crate::output::line(file), at.line),
            None => crate::output::line(file),
        }))
    });
    format!("| {} | {at} |", code(&finding.title))
}

fn details(finding: &Finding) -> String {
    let text = start(&finding.text, MAX_TEXT);
    // Longer than any row of them in the text, so that it ends where the text does.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let (title, summary) = (code(&finding.title), code(&finding.summary));
    if finding.summary == finding.text {
        return format!("{title}: {summary}");
    }
    format!("<details><summary>{title}: {summary}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>")
}

/// A text in one line, in which nothing is taken for HTML, Markdown, the end of a cell, a link or a mention of somebody.
///
/// Not between backticks, which a cell of a table and a heading do not protect alike.
fn code(text: &str) -> String {
    let mut code = "<code>".to_owned();
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '-' | '/') {
            code.push_str(&format!("&#{};", c as u32));
        } else {
            code.push(if c == '\n' { ' ' } else { c });
        }
    }
    code + "</code>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        let told = "&#96;&#124;&#60;b&#62; &#64;org/team www&#46;a&#46;b &#91;a&#93;&#40;b&#41; &#42;c&#42;";
        assert_eq!(code("`|<b> @org/team www.a.b [a](b) *c*"), format!("<code>{told}</code>"));
    }
}
