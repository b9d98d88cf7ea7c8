//! `cargo admit scaffold artifacthub`.

use std::path::{Path, PathBuf};

use admit_host::{
    annotation::Written,
    artifact::Project,
    input::InputError,
    metadata::Metadata,
    scaffold::{ArtifactHubOptions, artifacthub, created_at},
};

use crate::{
    commands::{annotate::text, files::read_input, inspect, policy},
    error::CliError,
    exit::Exit,
};

/// The artifacthub-pkg.yml that publishes a policy on Artifact Hub
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo admit scaffold artifacthub --metadata . > artifacthub-pkg.yml")]
pub(super) struct Args {
    /// A metadata.yml, the folder of a policy crate, or an annotated module
    #[arg(short, long, value_name = "PATH", alias = "metadata-path")]
    metadata: PathBuf,
    /// The questions for Rancher's user interface, in YAML
    #[arg(short, long, value_name = "FILE", alias = "questions-path")]
    questions: Option<PathBuf>,
    /// When this version was made, in RFC 3339 [default: SOURCE_DATE_EPOCH, else now]
    #[arg(long, value_name = "TIME")]
    created_at: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit, CliError> {
    let metadata = read(&args.metadata)?;
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|epoch| !epoch.trim().is_empty());
    let created_at = created_at(args.created_at.as_deref(), epoch.as_deref())
        .map_err(|source| CliError::Scaffold { path: args.metadata.clone(), source })?;
    let questions = args.questions.as_deref().map(text).transpose()?;
    super::print(&args.metadata, artifacthub(&metadata, &ArtifactHubOptions { created_at, questions }))
}

fn read(path: &Path) -> Result<Metadata, CliError> {
    if path.extension().is_some_and(|extension| extension == "wasm") {
        return inspect::annotations_of(path);
    }
    if policy::is_project(path) {
        let shown = path.display().to_string();
        let Some(written) = Project::open(path)?.written_metadata()? else {
            let message = "this crate has no metadata; add [package.metadata.admit] to its Cargo.toml";
            return Err(InputError::whole(shown, message).into());
        };
        if !written.says_whether_it_mutates() {
            let message = "the metadata leaves it to the code whether the policy mutates; build it and give the module, or write \
                           `mutating`";
            return Err(InputError::whole(shown, message).into());
        }
        return Ok(written.metadata());
    }
    let (content, name) = read_input(path)?;
    Ok(Written::from_yaml(&content, name).map_err(CliError::Inputs)?.metadata())
}
