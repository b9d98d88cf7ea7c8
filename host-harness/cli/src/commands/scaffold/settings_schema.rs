//! `cargo admit scaffold settings-schema`.

use super::SettingsArgs;
use crate::{error::CliError, exit::Exit, output::Data};

/// Writes the JSON Schema of a policy's settings.
///
/// The policy is built with schemas and asked; its own module knows nothing of them. The types of the settings need
/// `#[derive(Settings)]` and, for parts of settings, `#[derive(JsonSchema)]`; comments become descriptions. What the
/// policy checks in code cannot be seen in a schema.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo admit scaffold settings-schema -o settings.schema.json")]
pub(crate) struct Args {
    #[command(flatten)]
    settings: SettingsArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let schema = args.settings.schema()?;
    args.settings.write(&Data::pretty_json(&schema)?)
}
