//! `cargo admit scaffold`.

mod questions;
mod settings_schema;

use std::path::{Path, PathBuf};

use admit_host::artifact::Project;

use super::policy;
use crate::{
    error::CliError,
    exit::Exit,
    output::{to_stderr, to_stdout},
};

/// Writes the first version of files that go with a policy.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    SettingsSchema(settings_schema::Args),
    Questions(questions::Args),
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    match &args.what {
        What::SettingsSchema(args) => settings_schema::run(args),
        What::Questions(args) => questions::run(args),
    }
}

/// The policy whose settings are described, and where the result goes.
#[derive(Debug, clap::Args)]
struct SettingsArgs {
    /// Folder of the policy crate
    #[arg(default_value = ".")]
    path: PathBuf,
    /// File to write; standard output when absent
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl SettingsArgs {
    /// Builds the policy and asks it.
    fn schema(&self) -> Result<serde_json::Value, CliError> {
        let project = Project::open(&self.path)?;
        to_stderr(&format!("building {} to ask for its settings", project.name()))?;
        Ok(admit_host::settings_schema::of(&project, &policy::engine(admit_host::KUBEWARDEN_VERSION)?)?)
    }

    fn write(&self, text: &str) -> Result<Exit, CliError> {
        write(self.output.as_deref(), text)
    }
}

/// Writes to a file, or to standard output.
fn write(output: Option<&Path>, text: &str) -> Result<Exit, CliError> {
    match output {
        Some(path) => admit_host::settings_schema::save(path, &format!("{}\n", text.trim_end()))?,
        None => to_stdout(text.trim_end())?,
    }
    Ok(Exit::Done)
}
