//! `cargo admit scaffold`: one file for each kind of document.

mod admission_request;
mod artifacthub;
mod manifest;

use std::path::Path;

use admit_host::scaffold::{Scaffold, ScaffoldError};

use crate::{
    error::CliError,
    exit::Exit,
    output::{NOTICE, printable, to_stderr, to_stdout},
};

/// Writes documents that go along with a policy, to stdout.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    document: Document,
}

#[derive(Debug, clap::Subcommand)]
enum Document {
    Manifest(manifest::Args),
    #[command(name = "artifacthub")]
    ArtifactHub(artifacthub::Args),
    AdmissionRequest(admission_request::Args),
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    match &args.document {
        Document::Manifest(args) => manifest::run(args),
        Document::ArtifactHub(args) => artifacthub::run(args),
        Document::AdmissionRequest(args) => admission_request::run(args),
    }
}

/// Notes on stderr, the document on stdout.
fn print(path: &Path, scaffold: Result<Scaffold, ScaffoldError>) -> Result<Exit, CliError> {
    let scaffold = scaffold.map_err(|source| CliError::Scaffold { path: path.to_owned(), source })?;
    notes(&scaffold.notes)?;
    to_stdout(scaffold.yaml.trim_end())?;
    Ok(Exit::Done)
}

fn notes(notes: &[String]) -> Result<(), CliError> {
    for note in notes {
        to_stderr(&format!("{NOTICE}note{NOTICE:#}: {}", printable(note)))?;
    }
    Ok(())
}
