//! Making sure that the Rust target is there.

use std::{
    io::{self, Write as _},
    path::Path,
    process::Output,
};

use super::{BuildError, TARGET, environment};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The toolchain has the target.
    There,
    /// It did not, and has it now.
    Installed,
}

/// Installs the target with rustup when the toolchain of `folder` does not have it.
pub(super) fn ensure(folder: &Path) -> Result<Found, BuildError> {
    let mut rustc = environment::rustc(folder);
    let installed = rustc
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|source| BuildError::NoTool { program: rustc.get_program().display().to_string(), source })?;
    if !installed.status.success() {
        return Err(missing(format!("rustc does not know it: {}", reason(&installed))));
    }
    if Path::new(String::from_utf8_lossy(&installed.stdout).trim()).is_dir() {
        return Ok(Found::There);
    }
    // The download is announced, as the user did not ask for it. When stderr is closed, it is not.
    let _ = writeln!(io::stderr(), "installing the Rust target {TARGET}: rustup target add {TARGET}");
    match environment::tool("rustup", folder).args(["target", "add", TARGET]).output() {
        Ok(output) if output.status.success() => Ok(Found::Installed),
        Ok(output) => Err(missing(reason(&output))),
        Err(error) => Err(missing(format!("cannot run rustup: {error}"))),
    }
}

fn missing(reason: String) -> BuildError {
    BuildError::Target { target: TARGET, command: format!("rustup target add {TARGET}"), reason }
}

/// What a tool says went wrong: its first line that is an error, with what stands above and below it left out (downloads, advice, a
/// backtrace), or else its last line.
fn reason(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines.clone().find(|line| line.starts_with("error"));
    error.or_else(|| lines.next_back()).unwrap_or("no message").to_owned()
}
