//! XML as JUnit writes it, as far as those agree who read it: a suite for each ABI, a test for each case.

use std::fmt::Write as _;

use admit_host::case::{CaseRun, FaultRun};

use super::{
    super::Report,
    Told,
    finding::{Finding, Rule, of_case, of_faults, open_runs},
};
use crate::output::{Text, line, plain, text};

#[derive(Default)]
struct Suite {
    name: String,
    tests: Vec<Test>,
}

struct Test {
    name: String,
    class: String,
    file: Option<String>,
    line: Option<usize>,
    seconds: f64,
    result: Result,
}

enum Result {
    Passed,
    Skipped,
    Failed(Finding),
    Error(Finding),
}

pub(super) fn render(told: &Told<'_, '_>) -> String {
    let mut suites = told.report.map_or_else(Vec::new, |report| of_run(report, told));
    let errors: Vec<&Finding> = told.findings.iter().filter(|finding| finding.rule.is_error()).collect();
    if !errors.is_empty() {
        suites.push(of_errors(&errors, told));
    }
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let all: Vec<&Test> = suites.iter().flat_map(|suite| &suite.tests).collect();
    open(&mut xml, 0, "testsuites", &counted(&plain(&told.name), &all));
    for suite in &suites {
        open(&mut xml, 1, "testsuite", &counted(&suite.name, &suite.tests.iter().collect::<Vec<_>>()));
        suite.tests.iter().for_each(|test| test.write(&mut xml));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>");
    xml
}

fn of_run(report: &Report<'_>, told: &Told<'_, '_>) -> Vec<Suite> {
    let mut abis: Vec<_> = report.artifacts.iter().map(|artifact| artifact.abi).collect();
    abis.dedup();
    let mut suites = Vec::new();
    for abi in abis {
        // Runs are in the order of the cases.
        let mut runs = report.runs.iter().filter(|run| run.abi == abi).peekable();
        let tests = report.suite.iter().map(|case| {
            let run: Option<&CaseRun<'_>> = runs.next_if(|run| std::ptr::eq(run.case, case));
            let failed = run.filter(|run| !run.passed()).map(|run| of_case(run, &abi.to_string()));
            Test {
                name: plain(&line(&case.name)),
                class: plain(&text!("{}.{}", told.name, line(abi))),
                file: Some(plain(&line(told.root.name(&case.path.display().to_string())))),
                line: failed.as_ref().and_then(|failed| failed.at.as_ref()?.position).map(|at| at.line),
                seconds: run.map_or(0.0, |run| run.trace.duration.as_secs_f64()),
                result: match (run, failed) {
                    (None, _) => Result::Skipped,
                    (Some(_), Some(failed)) => Result::Failed(failed),
                    (Some(_), None) => Result::Passed,
                },
            }
        });
        let tests = tests.collect();
        suites.push(Suite { name: plain(&text!("{} ({})", told.name, line(abi))), tests });
    }
    let faults: Vec<Test> = open_runs(report).into_iter().filter_map(|runs| with_faults(runs, &told.name)).collect();
    if !faults.is_empty() {
        suites.push(Suite { name: plain(&text!("{} (faults)", told.name)), tests: faults });
    }
    let shapes: Vec<&Finding> = told.findings.iter().filter(|finding| finding.rule == Rule::Shape).collect();
    if !shapes.is_empty() {
        suites.push(of_shapes(&shapes, told));
    }
    suites
}

fn of_shapes(shapes: &[&Finding], told: &Told<'_, '_>) -> Suite {
    let test = |found: &&Finding| Test {
        name: found.title.clone(),
        class: plain(&text!("{}.shapes", told.name)),
        file: found.at.as_ref().map(|at| plain(&line(told.root.name(&at.file)))),
        line: found.at.as_ref().and_then(|at| at.position).map(|at| at.line),
        seconds: 0.0,
        result: Result::Failed((*found).clone()),
    };
    Suite { name: plain(&text!("{} (shapes)", told.name)), tests: shapes.iter().map(test).collect() }
}

fn with_faults(runs: &[FaultRun<'_>], name: &Text) -> Option<Test> {
    Some(Test {
        name: plain(&line(&runs.first()?.case.name)),
        class: plain(&text!("{}.faults", name)),
        file: None,
        line: None,
        seconds: 0.0,
        result: of_faults(runs).map_or(Result::Passed, Result::Failed),
    })
}

fn of_errors(errors: &[&Finding], told: &Told<'_, '_>) -> Suite {
    let test = |error: &&Finding| Test {
        name: match &error.at {
            Some(at) => plain(&line(told.root.name(&at.file))),
            None => error.title.clone(),
        },
        class: plain(&told.name),
        file: error.at.as_ref().map(|at| plain(&line(told.root.name(&at.file)))),
        line: error.at.as_ref().and_then(|at| at.position).map(|at| at.line),
        seconds: 0.0,
        result: Result::Error((*error).clone()),
    };
    Suite { name: plain(&told.name), tests: errors.iter().map(test).collect() }
}

/// The attributes of a suite.
fn counted(name: &str, tests: &[&Test]) -> Vec<(&'static str, String)> {
    let count = |is: fn(&Result) -> bool| tests.iter().filter(|test| is(&test.result)).count().to_string();
    vec![
        ("name", name.to_owned()),
        ("tests", tests.len().to_string()),
        ("failures", count(|result| matches!(result, Result::Failed(_)))),
        ("errors", count(|result| matches!(result, Result::Error(_)))),
        ("skipped", count(|result| matches!(result, Result::Skipped))),
        ("time", seconds(tests.iter().map(|test| test.seconds).sum())),
    ]
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.6}")
}

impl Test {
    fn write(&self, xml: &mut String) {
        let mut attributes = vec![("name", self.name.clone()), ("classname", self.class.clone())];
        attributes.extend(self.file.iter().map(|file| ("file", file.clone())));
        attributes.extend(self.line.map(|line| ("line", line.to_string())));
        attributes.push(("time", seconds(self.seconds)));
        open(xml, 2, "testcase", &attributes);
        match &self.result {
            Result::Passed => {}
            Result::Skipped => xml.push_str("      <skipped/>\n"),
            Result::Failed(finding) => told(xml, "failure", finding),
            Result::Error(finding) => told(xml, "error", finding),
        }
        xml.push_str("    </testcase>\n");
    }
}

fn told(xml: &mut String, element: &str, finding: &Finding) {
    let message = escaped(&finding.summary, true);
    let kind = finding.rule.id();
    // Writing to a String cannot fail.
    let _ = writeln!(
        xml,
        "      <{element} type=\"{kind}\" message=\"{message}\">{}</{element}>",
        escaped(&finding.text, false)
    );
}

fn open(xml: &mut String, depth: usize, element: &str, attributes: &[(&str, String)]) {
    let _ = write!(xml, "{}<{element}", "  ".repeat(depth));
    for (name, value) in attributes {
        let _ = write!(xml, " {name}=\"{}\"", escaped(value, true));
    }
    xml.push_str(">\n");
}

/// A text in XML 1.0, which has no place for most control characters and two others, not even escaped.
fn escaped(text: &str, attribute: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // In attributes they would be read as spaces.
            '\n' | '\t' if attribute => {
                let _ = write!(escaped, "&#{};", c as u32);
            }
            '\n' | '\t' => escaped.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.extend(c.escape_unicode()),
            c => escaped.push(c),
        }
    }
    escaped
}
