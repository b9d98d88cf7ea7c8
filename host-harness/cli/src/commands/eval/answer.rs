//! What is told about an evaluation.

use admit_host::{
    Abi,
    chainloop::{EvalResult, Evaluated, Kind, Policy},
};

use crate::{
    error::CliError,
    exit::Exit,
    output::{BAD, DIM, GOOD, NOTICE, headline, printable, story, to_stderr, to_stdout},
};

/// The result on stdout, the rest on stderr.
pub(super) fn tell(policy: &Policy, kind: Kind, evaluated: Evaluated, debug: bool) -> Result<Exit, CliError> {
    for warning in &evaluated.warnings {
        to_stderr(&format!("{NOTICE}warning{NOTICE:#}: {}", printable(warning)))?;
    }
    if let Ok(result) = &evaluated.result {
        to_stderr(&verdict(policy, kind, result))?;
    }
    for trace in &evaluated.traces {
        to_stderr(&story(Abi::Chainloop, trace, 2))?;
    }
    let result = evaluated.result.map_err(CliError::Eval)?;
    to_stdout(&result.to_json(debug.then_some(&evaluated.debug_info)))?;
    let gates = result.violations.iter().any(|violation| !violation.suppressed);
    Ok(if gates { Exit::Rejected } else { Exit::Done })
}

fn verdict(policy: &Policy, kind: Kind, result: &EvalResult) -> String {
    let about = format!("{DIM}{} on {kind}{DIM:#}", printable(policy.name()));
    let line = match result.violations.len() {
        0 if result.skipped => headline(NOTICE, "skipped", Some(&result.skip_reasons.join("; "))),
        0 => headline(GOOD, "success", None),
        1 => headline(BAD, "fail", Some("1 violation")),
        count => headline(BAD, "fail", Some(&format!("{count} violations"))),
    };
    let mut text = format!("{line}  {about}");
    for violation in &result.violations {
        let suppressed = if violation.suppressed { " (suppressed)" } else { "" };
        text.push_str(&format!("\n  {}{suppressed}", printable(&violation.message)));
    }
    text
}
