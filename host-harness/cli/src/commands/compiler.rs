//! The process in which modules are compiled that somebody else made, and what limits it.

use std::ffi::OsString;

use admit_host::{CompileLimits, CompilerProcess, compile_for_parent, input::InputError};

use crate::{
    error::CliError,
    exit::Exit,
    output::{BAD, remark, to_stderr},
};

/// The command with which this program starts itself. No help names it: it is for nobody else.
pub(crate) const COMMAND: &str = "compile-for-parent";

const TIME: &str = "ADMIT_COMPILE_TIMEOUT";
const MEMORY: &str = "ADMIT_COMPILE_MEMORY";
const LIMITS: &str = "ADMIT_COMPILE_LIMITS";

/// Compiles the module that the parent sends.
pub(crate) fn run() -> Exit {
    match compile_for_parent() {
        Ok(()) => Exit::Done,
        Err(error) => {
            // The parent shows it, if there is one.
            let _ = to_stderr(&remark(BAD, "error", format!("{COMMAND} is for this program itself: {error}")));
            Exit::BadInput
        }
    }
}

/// This program, to compile modules in another process, with the limits that the environment gives.
pub(super) fn process() -> Result<CompilerProcess, CliError> {
    let program = std::env::current_exe().map_err(|error| {
        InputError::whole(
            "cargo-admit",
            format!("modules are compiled in another process, and this program cannot be found: {error}"),
        )
    })?;
    let mut process = CompilerProcess::new(program, vec![OsString::from(COMMAND)]);
    process.time_raised_by = "set the environment variable ADMIT_COMPILE_TIMEOUT to more seconds";
    process.memory_raised_by = "set the environment variable ADMIT_COMPILE_MEMORY to more MiB";
    process.time = variable(TIME, "a number of seconds above 0, for example 300", |text| super::seconds(text).ok())?;
    let mebibytes = whole(MEMORY, "a whole number of MiB above 0, for example 4096")?;
    process.memory = mebibytes.map(|mebibytes| mebibytes.saturating_mul(1 << 20));
    Ok(process)
}

/// How much a module may have to be compiled.
pub(super) fn limits() -> Result<CompileLimits, CliError> {
    let factor = whole(LIMITS, "a whole number above 0, by which the limits are multiplied, for example 4")?;
    let mut limits = CompileLimits::default().times(factor.unwrap_or(1));
    limits.raised_by =
        "if you trust it, multiply the limits with the environment variable ADMIT_COMPILE_LIMITS, for example by 4";
    Ok(limits)
}

fn whole(name: &str, wanted: &str) -> Result<Option<u64>, CliError> {
    variable(name, wanted, |text| text.parse().ok().filter(|number| *number > 0))
}

/// What an environment variable has; nothing when it is not set or empty.
fn variable<T>(name: &str, wanted: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, CliError> {
    let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    match value.to_str().and_then(read) {
        Some(value) => Ok(Some(value)),
        None => Err(InputError::whole(name, format!("must be {wanted}, and not `{}`", value.to_string_lossy())).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_or_refused() {
        // A name that nobody sets.
        let read = |text: &str| text.parse::<u64>().ok();
        assert!(matches!(variable("ADMIT_TEST_OF_NO_VARIABLE", "a number", read), Ok(None)));
        // One that is always set, and no number.
        let error = variable("PATH", "a number", read).map(drop).unwrap_err();
        assert!(error.to_string().starts_with("PATH: must be a number, and not `"), "{error}");
        assert_eq!(error.exit(), Exit::BadInput);
        assert!(matches!(variable("PATH", "a text", |text| Some(text.len())), Ok(Some(1..))));
    }
}
