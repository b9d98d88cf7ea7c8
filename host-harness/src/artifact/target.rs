//! Making sure that the Rust target is there.

use std::{
    io::{self, Write as _},
    path::Path,
    process::Output,
};

use super::{BuildError, TARGET, environment};

/// Installs the target with rustup when the toolchain of `folder` does not have it.
pub(super) fn ensure(folder: &Path) -> Result<(), BuildError> {
    let installed = environment::tool("rustc", folder)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|source| BuildError::NoTool { program: "rustc".to_owned(), source })?;
    if !installed.status.success() {
        return Err(missing(format!("rustc does not know it: {}", last_line(&installed))));
    }
    if Path::new(String::from_utf8_lossy(&installed.stdout).trim()).is_dir() {
        return Ok(());
    }
    // The download is announced, as the user did not ask for it. When stderr is closed, it is not.
    let _ = writeln!(io::stderr(), "installing the Rust target {TARGET}: rustup target add {TARGET}");
    match environment::tool("rustup", folder).args(["target", "add", TARGET]).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(missing(last_line(&output))),
        Err(error) => Err(missing(format!("cannot run rustup: {error}"))),
    }
}

fn missing(reason: String) -> BuildError {
    BuildError::Target { target: TARGET, command: format!("rustup target add {TARGET}"), reason }
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no message").trim().to_owned()
}
