//! `cargo admit inspect`.

use std::path::PathBuf;

use admit_host::{
    LoadError,
    inspect::{Inspection, inspect},
};

use super::Format;
use crate::{
    error::CliError,
    exit::Exit,
    output::{bytes, percent, printable, table, thousands, to_stdout},
};

/// Shows what a module is: its ABI, imports, exports, and where the bytes go.
///
/// Nothing of the module is run.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo admit inspect policy.wasm --format json")]
pub(crate) struct Args {
    /// The module, a .wasm file
    module: PathBuf,
    /// Output format
    #[arg(long, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let failed = |source| CliError::Load { path: args.module.clone(), source };
    let bytes =
        std::fs::read(&args.module).map_err(|error| failed(LoadError::Read { path: args.module.clone(), error }))?;
    let inspection = inspect(&bytes).map_err(failed)?;
    to_stdout(&match args.format {
        Format::Json => serde_json::to_string(&inspection).map_err(std::io::Error::from)?,
        Format::Text => printable(&text(&inspection)),
    })?;
    Ok(Exit::Done)
}

fn text(inspection: &Inspection) -> String {
    let abi = match &inspection.abi {
        Ok(abi) => abi.to_string(),
        Err(reason) => format!("none: {reason}"),
    };
    let imports = inspection.imports.iter().map(|i| vec![format!("  {}::{}", i.module, i.name), i.ty.clone()]);
    let exports = inspection.exports.iter().map(|e| vec![format!("  {}", e.name), e.ty.clone()]);
    let sections = inspection.sections.iter().map(|s| {
        let name = if s.custom { format!("  {} (custom)", s.name) } else { format!("  {}", s.name) };
        vec![name, thousands(s.size), percent(s.size, inspection.size)]
    });
    let block = |title: &str, rows: Vec<Vec<String>>, right: &[usize]| {
        let rows = if rows.is_empty() { vec![vec!["  (none)".to_owned()]] } else { rows };
        format!("\n{title}\n{}", table(&rows, right))
    };
    [
        format!("ABI   {abi}\nsize  {} ({} bytes)", bytes(inspection.size), thousands(inspection.size)),
        block("imports", imports.collect(), &[]),
        block("exports", exports.collect(), &[]),
        block("sections, bytes", sections.collect(), &[1, 2]),
    ]
    .join("\n")
}
