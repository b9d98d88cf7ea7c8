//! `cargo admit scaffold`: one file for each kind of document.

mod admission_request;
mod artifacthub;
mod diff_job;
mod file_schema;
mod manifest;
mod questions;
mod settings_schema;

use std::path::{Path, PathBuf};

use admit_host::{
    KUBEWARDEN_VERSION,
    artifact::Project,
    internal::replace,
    scaffold::{Scaffold, ScaffoldError},
};

use super::{
    policy,
    spare::{self, Input},
};
use crate::{
    error::CliError,
    exit::Exit,
    output::{Data, data_to_stdout, line, note, text, to_stderr},
};

/// Writes the first version of documents that go along with a policy.
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
    SettingsSchema(settings_schema::Args),
    Questions(questions::Args),
    CaseSchema(file_schema::CaseArgs),
    WorldSchema(file_schema::WorldArgs),
    ReportSchema(file_schema::ReportArgs),
    DiffJob(diff_job::Args),
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    match &args.document {
        Document::Manifest(args) => manifest::run(args),
        Document::ArtifactHub(args) => artifacthub::run(args),
        Document::AdmissionRequest(args) => admission_request::run(args),
        Document::SettingsSchema(args) => settings_schema::run(args),
        Document::Questions(args) => questions::run(args),
        Document::CaseSchema(args) => file_schema::of_cases(args),
        Document::WorldSchema(args) => file_schema::of_worlds(args),
        Document::ReportSchema(args) => file_schema::of_reports(args),
        Document::DiffJob(args) => diff_job::run(args),
    }
}

/// The policy whose settings are described, and where the result goes.
#[derive(Debug, clap::Args)]
struct SettingsArgs {
    /// Folder of the policy crate
    #[arg(default_value = ".")]
    path: PathBuf,
    /// File to write; standard output when absent, or `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl SettingsArgs {
    /// Builds the policy and asks it.
    fn schema(&self) -> Result<serde_json::Value, CliError> {
        if let Some(output) = &self.output {
            spare::inputs(output, &[Input::Crate(&self.path)])?;
            spare::folder(output)?;
        }
        let project = Project::open(&self.path)?;
        to_stderr(&text!("building {} to ask for its settings", line(project.name())))?;
        policy::note_left_out()?;
        let engine = policy::watched(&policy::engine(KUBEWARDEN_VERSION)?.compiling_here(), &self.path);
        Ok(admit_host::settings_schema::of(&project, &engine)?)
    }

    /// Writes to the file, or to standard output.
    fn write(&self, document: &Data) -> Result<Exit, CliError> {
        write(self.output.as_deref(), document)
    }
}

/// Writes a document to the file, or to standard output.
fn write(output: Option<&Path>, document: &Data) -> Result<Exit, CliError> {
    match output.filter(|path| !spare::is_stdout(path)) {
        Some(path) => replace(path, format!("{}\n", document.as_str()).as_bytes())
            .map_err(|error| CliError::Output { path: path.to_owned(), error })?,
        None => data_to_stdout(document)?,
    }
    Ok(Exit::Done)
}

/// Notes on stderr, the document on stdout.
fn print(path: &Path, scaffold: Result<Scaffold, ScaffoldError>) -> Result<Exit, CliError> {
    let scaffold = scaffold.map_err(|source| CliError::Scaffold { path: path.to_owned(), source })?;
    notes(&scaffold.notes)?;
    data_to_stdout(&Data::of_yaml(&scaffold.yaml))?;
    Ok(Exit::Done)
}

fn notes(notes: &[String]) -> Result<(), CliError> {
    for about in notes {
        note(about)?;
    }
    Ok(())
}
