//! `cargo admit scaffold case-schema`, `world-schema` and `report-schema`.

use std::path::PathBuf;

use admit_host::{capabilities::World, case};

use crate::{error::CliError, exit::Exit, output::Data};

/// Writes the JSON Schema of case files, for editors.
///
/// With it an editor completes the keys of a case, shows what they do, and marks what `cargo admit test` would refuse. What
/// a schema cannot know, only the test tells: files that are not there, for example, and regular expressions.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  cargo admit scaffold case-schema -o case.schema.json

Editors with the YAML language server (VS Code: the extension YAML of Red Hat) read the first line of a case:
  # yaml-language-server: $schema=../case.schema.json
or settings of the project, for VS Code in .vscode/settings.json:
  {
    \"yaml.schemas\": {
      \"./case.schema.json\": [\"cases/*.yaml\", \"cases/*/case.yaml\"]
    }
  }
These patterns know no exceptions, and names that start with `_` are no cases. Such a file says what it is in a first line
of its own, which wins; for a world:
  # yaml-language-server: $schema=../world.schema.json")]
pub(super) struct CaseArgs {
    #[command(flatten)]
    to: Output,
}

/// Writes the JSON Schema of world files, for editors.
///
/// With it an editor completes the keys of a world, shows what they do, and marks what `cargo admit test` would refuse.
/// Kubernetes manifests are worlds, too. The schema of cases has it for worlds that stand in a case.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  cargo admit scaffold world-schema -o world.schema.json

Editors with the YAML language server (VS Code: the extension YAML of Red Hat) read the first line of a world:
  # yaml-language-server: $schema=../world.schema.json
or settings of the project, for VS Code in .vscode/settings.json:
  {
    \"yaml.schemas\": {
      \"./world.schema.json\": [\"cases/_world.yaml\", \"cases/_world/*.yaml\", \"cases/*/world.yaml\"]
    }
  }
The first line wins where the settings also say that everything in the folder `cases` is a case.")]
pub(super) struct WorldArgs {
    #[command(flatten)]
    to: Output,
}

/// Writes the JSON Schema of the reports of `cargo admit test` in JSON, for programs that read them.
///
/// A report names the schema (`schema`) and its version: new keys may come, and the version is another one when a key goes or means
/// something else.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  cargo admit scaffold report-schema -o report.schema.json
  cargo admit test --report json=report.json")]
pub(super) struct ReportArgs {
    #[command(flatten)]
    to: Output,
}

/// Where the schema goes.
#[derive(Debug, clap::Args)]
struct Output {
    /// File to write; standard output when absent, or `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn of_cases(args: &CaseArgs) -> Result<Exit, CliError> {
    super::write(args.to.output.as_deref(), &Data::of_json(case::SCHEMA))
}

pub(super) fn of_worlds(args: &WorldArgs) -> Result<Exit, CliError> {
    super::write(args.to.output.as_deref(), &Data::of_json(World::SCHEMA))
}

pub(super) fn of_reports(args: &ReportArgs) -> Result<Exit, CliError> {
    super::write(args.to.output.as_deref(), &Data::of_json(case::REPORT_SCHEMA))
}
