//! The report for programs.

use serde_json::{Value, json};

use super::{Report, bless, faults, mutants};

pub(super) fn render(report: &Report<'_>) -> Value {
    let runs = report.runs.iter().map(|run| {
        json!({
            "case": run.case.name,
            "about": run.case.about,
            "file": run.case.path,
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
        "package": report.package,
        "runs": runs.collect::<Vec<_>>(),
        "modules": modules.collect::<Vec<_>>(),
        "summary": {
            "cases": report.cases,
            "passed": report.runs.len() - failed,
            "failed": failed,
            "skipped": report.skipped(),
        },
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
    document
}
