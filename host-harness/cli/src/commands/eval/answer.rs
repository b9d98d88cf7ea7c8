//! Output about an evaluation.

use admit_host::{
    Abi,
    chainloop::{DebugInfo, EvalError, EvalResult, Kind, MaterialOutcome, Policy},
};

use super::Args;
use crate::{
    error::CliError,
    exit::Exit,
    output::{
        BAD, DIM, Data, Detail, GOOD, NOTICE, Telling, Text, data_to_stdout, hanging, headline, line, story, text,
        to_stderr, warning,
    },
};

/// The result on stdout, the rest on stderr.
pub(super) fn tell(policy: &Policy, kind: Kind, evaluated: MaterialOutcome, args: &Args) -> Result<Exit, CliError> {
    let (debug, detail) = (args.debug, Detail::of(args.verbose));
    for about in &evaluated.warnings {
        warning(about)?;
    }
    if let Ok(result) = &evaluated.result {
        to_stderr(&verdict(policy, kind, result))?;
    }
    let told = evaluated.result.as_ref().err().map(CliError::told).unwrap_or_default();
    for trace in &evaluated.traces {
        to_stderr(&story(trace, Telling { abi: Abi::Extism, told: &told, detail, indent: 2 }))?;
    }
    if debug
        && let Err(error) = &evaluated.result
        && let Some(behind) = behind(error, &evaluated.debug_info)
    {
        to_stderr(&behind)?;
    }
    let result = evaluated.result.map_err(CliError::Eval)?;
    data_to_stdout(&Data::of_json(&result.to_json(debug.then_some(&evaluated.debug_info))))?;
    Ok(if counts(&result) { Exit::Rejected } else { Exit::Done })
}

/// Whether there are violations that are not suppressed.
fn counts(result: &EvalResult) -> bool {
    result.violations.iter().any(|violation| !violation.suppressed)
}

/// Details that Chainloop's error text leaves out: the whole failure of the policy, or the output that is not valid.
fn behind(error: &EvalError, info: &DebugInfo) -> Option<Text> {
    let (title, content) = match (error, error.failure(), info.raw_results.last()) {
        (_, Some(failure), _) => ("failure", failure.to_string()),
        (EvalError::Output(_), None, Some(output)) => ("output", String::from_utf8_lossy(output).into_owned()),
        _ => return None,
    };
    Some(text!("  {}{:<8}{:#}  {}", DIM, title, DIM, hanging(content, 12)))
}

fn verdict(policy: &Policy, kind: Kind, result: &EvalResult) -> Text {
    let about = text!("{}{} on {}{:#}", DIM, line(policy.name()), line(kind), DIM);
    let first = match result.violations.len() {
        0 if result.skipped => headline(NOTICE, "skipped", Some(&result.skip_reasons.join("; "))),
        0 => headline(GOOD, "success", None),
        _ if !counts(result) => {
            headline(NOTICE, "success", Some("all violations are suppressed, so none of them counts"))
        }
        1 => headline(BAD, "fail", Some("1 violation")),
        count => headline(BAD, "fail", Some(&format!("{count} violations"))),
    };
    let mut told = text!("{}  {}", first, about);
    for violation in &result.violations {
        let suppressed = if violation.suppressed { " (suppressed)" } else { "" };
        told.push(&text!("\n  {}{}", hanging(&violation.message, 4), suppressed));
    }
    told
}
