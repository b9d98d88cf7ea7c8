//! `cargo admit inspect`.

mod declared;
mod outside;

use std::path::{Path, PathBuf};

use admit_host::{
    LoadError,
    inspect::{Inspection, inspect},
    internal::{read_module, yaml},
    metadata::Metadata,
};

use super::policy;
use crate::{
    error::CliError,
    exit::Exit,
    output::{Data, data_to_stdout, note, text, to_stdout},
};

/// Shows what a module is: its ABI, imports and exports, where the bytes go, and what the policy declares about itself.
///
/// Nothing of the module is run. `json` is everything, for programs; `yaml` is what the policy declares, and nothing else, in the
/// format of a metadata.yml.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit inspect policy.wasm --format json
  cargo admit inspect policy.wasm --format yaml > metadata.yml")]
pub(crate) struct Args {
    /// The module, a .wasm file, or a .wat file in the text format
    #[arg(value_parser = policy::path())]
    module: PathBuf,
    /// Output format
    #[arg(long, default_value = "text")]
    format: Format,
    /// In the text for people, show the usage that the policy's metadata has, often a whole README
    #[arg(long)]
    usage: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: one JSON document, with everything
    Json,
    /// The metadata alone
    Yaml,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let inspection = look_at(&args.module)?;
    match args.format {
        Format::Json => data_to_stdout(&Data::json(&inspection)?)?,
        Format::Text => {
            let usage = if args.usage { declared::Usage::Shown } else { declared::Usage::Counted };
            to_stdout(&text!("{}\n{}", outside::text(&inspection), declared::text(&inspection, usage)))?;
        }
        Format::Yaml => {
            let metadata = metadata(&inspection, &args.module)?;
            if metadata.is_none() {
                note(declared::NOT_ANNOTATED)?;
            }
            let yaml = yaml(&metadata).map_err(|source| CliError::Scaffold { path: args.module.clone(), source })?;
            data_to_stdout(&Data::of_yaml(&yaml))?;
        }
    }
    Ok(Exit::Done)
}

/// What the policy in a file declares.
pub(super) fn annotations_of(path: &Path) -> Result<Metadata, CliError> {
    metadata(&look_at(path)?, path)?.ok_or_else(|| CliError::NotAnnotated(path.to_owned()))
}

fn metadata(inspection: &Inspection, path: &Path) -> Result<Option<Metadata>, CliError> {
    let failed = |source: LoadError| CliError::Load { path: path.to_owned(), source };
    inspection.metadata.clone().map_err(|error| failed(error.into()))
}

fn look_at(path: &Path) -> Result<Inspection, CliError> {
    let failed = |source| CliError::Load { path: path.to_owned(), source };
    inspect(&read_module(path).map_err(failed)?).map_err(|error| failed(error.into()))
}
