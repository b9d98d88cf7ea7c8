//! Reports for what shows them: CI systems, code scanning, pull requests.
//!
//! What is in them comes from policies, case files and names, and each format has its own ways to be spoken through. So everything
//! becomes a [`Text`] first, in which each character can be seen, and is then escaped by its format.

mod finding;
mod github;
mod junit;
mod markdown;
mod paths;
mod sarif;
mod target;

use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use admit_host::internal::replace;
use serde_json::Value;

pub(super) use finding::Finding;
pub(super) use target::Target;

use super::{Args, Report, json};
use crate::{
    commands::spare::{self, Input},
    error::CliError,
    output::{Data, Text, data_to_stdout, line, text},
};
use finding::Spot;
use paths::Root;
use target::Format;

/// Everything that a report can show.
struct Told<'r, 'c> {
    /// The package, or what was given in place of it when nothing came of it.
    name: Text,
    /// Nothing when it did not come to a run.
    report: Option<&'r Report<'c>>,
    /// What failed.
    findings: Vec<Finding>,
    /// The file that is the policy, or says how it is built.
    policy: Option<Spot>,
    root: Root,
}

impl<'r, 'c> Told<'r, 'c> {
    fn new(args: &Args, name: Text, report: Option<&'r Report<'c>>, findings: Vec<Finding>) -> Self {
        let manifest = args.path.join("Cargo.toml");
        let policy = [&args.path, &manifest].into_iter().find(|file| file.is_file());
        let policy = policy.map(|file| Spot { file: file.display().to_string(), position: None });
        Self { name, report, findings, policy, root: Root::find() }
    }
}

/// Makes sure that the reports can be written, before anything takes time: that they replace nothing that is read, and that their
/// folders are there.
pub(super) fn prepare(args: &Args) -> Result<(), CliError> {
    target::check(&args.report, args.format)?;
    let beside = if args.path.is_dir() { Some(args.path.as_path()) } else { args.path.parent() };
    let cases = args.cases.clone().or_else(|| Some(beside?.join("cases")));
    let read =
        [Some(Input::policy(&args.path, "the policy")), cases.as_deref().map(|cases| Input::Tree(cases, "--cases"))];
    let read: Vec<Input<'_>> = read.into_iter().flatten().collect();
    for Target { file, .. } in args.report.iter().filter(|target| !spare::is_stdout(&target.file)) {
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| CliError::Output { path: file.clone(), error })?;
        }
        spare::inputs(file, &read)?;
    }
    Ok(())
}

/// Writes the reports of a run; `unfinished` is why not all of it is known.
pub(super) fn write(args: &Args, report: &Report<'_>, unfinished: Option<&CliError>) -> Result<(), CliError> {
    if args.report.is_empty() {
        return Ok(());
    }
    let findings = finding::of_run(report).into_iter().chain(finding::of_error(unfinished)).collect();
    write_all(args, &Told::new(args, line(report.package), Some(report), findings))
}

/// Writes reports that say why there was no run.
pub(super) fn write_error(args: &Args, error: &CliError) -> Result<(), CliError> {
    if args.report.is_empty() {
        return Ok(());
    }
    let findings = finding::of_error(Some(error));
    write_all(args, &Told::new(args, line(args.path.display()), None, findings))
}

/// What kept a run from being one, for the report in JSON.
pub(super) fn errors(error: Option<&CliError>) -> Value {
    finding::of_error(error).iter().map(Finding::json).collect()
}

fn write_all(args: &Args, told: &Told<'_, '_>) -> Result<(), CliError> {
    for Target { format, file } in &args.report {
        let document = match format {
            Format::Junit => Data::of_report(&junit::render(told)),
            Format::Sarif => Data::pretty_json(&sarif::render(told))?,
            Format::Github => Data::of_report(&github::render(told)),
            Format::Markdown => Data::of_report(&markdown::render(told)),
            Format::Json => Data::json(&match told.report {
                Some(report) => json::render(report, finding::errors_of(&told.findings)),
                None => json::of_errors(&told.name, finding::errors_of(&told.findings)),
            })?,
        };
        if spare::is_stdout(file) {
            if !document.as_str().is_empty() {
                data_to_stdout(&document)?;
            }
            continue;
        }
        let ended = if document.as_str().is_empty() { "" } else { "\n" };
        replace(file, format!("{}{ended}", document.as_str()).as_bytes())
            .map_err(|error| CliError::Output { path: file.clone(), error })?;
    }
    Ok(())
}

/// What has to stand around a text on the standard output of a job of GitHub: its runner takes lines that begin with `::` for commands,
/// behind blanks as well, and parts of lines behind `##[`. Between these two it does not, and nobody can guess the second one.
pub(super) fn without_commands(args: &Args, report: Text) -> Text {
    let annotates = |target: &Target| target.format == Format::Github && spare::is_stdout(&target.file);
    if !args.report.iter().any(annotates) {
        return report;
    }
    // Keys of this process, of random bytes.
    let word = || RandomState::new().build_hasher().finish();
    let token = line(format_args!("admit-{:016x}{:016x}", word(), word()));
    text!("::stop-commands::{}\n{}\n::{}::", token, report, token)
}
