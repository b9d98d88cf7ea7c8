//! `cargo admit diff --merge`.

use std::path::PathBuf;

use admit_host::diff::{Report, merge};

use super::super::files;
use crate::error::CliError;

/// The report of the whole corpus, of those in files.
pub(super) fn reports(paths: &[PathBuf]) -> Result<Report, CliError> {
    let mut reports = Vec::new();
    for path in paths {
        let (bytes, name) = files::read_input(path)?;
        let report = Report::read(&bytes, &name)?;
        reports.push((name, report));
    }
    Ok(merge(reports)?)
}
