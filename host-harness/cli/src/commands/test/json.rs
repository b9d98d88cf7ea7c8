//! The report for programs, which host-harness/schemas/report.schema.json describes.

use admit_host::case::CaseRun;
use serde_json::{Value, json};

use super::{Report, bless, faults, mutants, shapes};
use crate::output::{Text, plain};

/// What the document is, and the version of its format: another one when a key goes, or means something else.
const SCHEMA: &str = "https://admit-rs.github.io/admit/schemas/report.schema.json";
const VERSION: u32 = 1;

/// The report of a run; `errors` is what kept it from being a whole one.
pub(super) fn render(report: &Report<'_>, errors: Value) -> Value {
    let runs = report.runs.iter().map(|run| {
        json!({
            "case": run.case.name,
            "about": run.case.about,
            "file": run.case.path,
            "input": input(run),
            "abi": run.abi,
            "passed": run.passed(),
            "differences": run.differences,
            "fuel": run.trace.fuel,
            "fuel_is_minimum": run.trace.fuel_is_minimum,
            "peak_memory": run.trace.peak_memory,
        })
    });
    let modules = report.artifacts.iter().map(|a| json!({ "abi": a.abi, "file": a.path, "size": a.size }));
    let failed = report.failed();
    let mut document = json!({
        "schema": SCHEMA,
        "version": VERSION,
        "package": report.package,
        "runs": runs.collect::<Vec<_>>(),
        "modules": modules.collect::<Vec<_>>(),
        "summary": {
            "cases": report.cases,
            "passed": report.runs.len() - failed,
            "failed": failed,
            "skipped": report.skipped(),
        },
        "errors": errors,
        "vacuous": report.stubs.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    if report.bless {
        document["blessed"] = bless::json(&report.blessed);
    }
    if let Some(report) = &report.faults {
        document["faults"] = faults::json(report);
    }
    if let Some(report) = &report.mutants {
        document["mutants"] = mutants::json(report);
    }
    if let Some(report) = &report.shapes {
        document["shapes"] = shapes::json(report);
    }
    document
}

/// The report of what did not come to a run.
pub(super) fn of_errors(name: &Text, errors: Value) -> Value {
    json!({
        "schema": SCHEMA,
        "version": VERSION,
        "package": plain(name),
        "runs": [],
        "modules": [],
        "summary": { "cases": 0, "passed": 0, "failed": 0, "skipped": 0 },
        "errors": errors,
    })
}

/// Where the object stands that the policy was asked about. To find its line takes as long as to read the file, so that it is known of
/// what failed only.
fn input(run: &CaseRun<'_>) -> Value {
    let at = if run.passed() { None } else { run.case.input.position() };
    json!({ "file": run.case.input.name(), "at": at })
}
