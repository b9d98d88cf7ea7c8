//! `cargo admit cache`.

use std::time::SystemTime;

use admit_host::{
    EngineOptions,
    cache::{CacheFolder, CachedModule},
};
use serde_json::json;

use super::Format;
use crate::{
    error::CliError,
    exit::Exit,
    output::{Data, Text, bytes, data_to_stdout, line, note, table, text, to_stdout},
};

/// Shows where compiled modules are kept, and how much they take, or removes them.
///
/// A module is compiled when it is loaded for the first time, which takes up to minutes for a large one, and kept for the next time:
/// in `admit` in `$XDG_CACHE_HOME`, or in `~/.cache`. What is not used for 30 days is removed, and what is over 2 GiB, the longest unused
/// first. The folder may be removed at any time.
///
/// What is in it is machine code that is run, so it is not used when somebody else could write to it: it and the modules have to belong to you,
/// and the folders above it to you or to root.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  cargo admit cache\n  cargo admit cache --clear")]
pub(crate) struct Args {
    /// Remove all compiled modules
    #[arg(long)]
    clear: bool,
    /// Output format
    #[arg(long, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let Some(folder) = CacheFolder::of_user() else { return Err(CliError::NoCache) };
    let failed = |error| CliError::Cache { path: folder.path().to_owned(), error };
    let (modules, verb) = match args.clear {
        true => (folder.clear().map_err(failed)?, "removed"),
        false => (folder.modules().map_err(failed)?, "kept"),
    };
    let size: u64 = modules.iter().map(|module| module.size).sum();
    match args.format {
        Format::Json => data_to_stdout(&Data::json(
            &json!({ "folder": folder.path(), "modules": modules.len(), "size": size, "cleared": args.clear,
                "refused": folder.refused().map(|refused| refused.to_string()) }),
        )?)?,
        Format::Text => {
            let count = if modules.len() == 1 { text!("1 module") } else { text!("{} modules", modules.len()) };
            if let Some(refused) = folder.refused() {
                note(refused)?;
            }
            let mut rows = vec![
                vec![text!("folder"), line(folder.path().display())],
                vec![line(verb), text!("{}, {}", count, bytes(size))],
            ];
            if !args.clear {
                rows.extend(unused(&modules));
                let limits = EngineOptions::default().cache_limits;
                rows.push(vec![
                    text!("limits"),
                    text!("{}, and {} days without use", bytes(limits.size), days(limits.unused)),
                ]);
            }
            to_stdout(&table(&rows, &[]))?;
        }
    }
    Ok(Exit::Done)
}

/// How long the module was not used that will be removed first.
fn unused(modules: &[CachedModule]) -> Option<Vec<Text>> {
    let oldest = modules.last()?;
    let unused = SystemTime::now().duration_since(oldest.used).unwrap_or_default();
    Some(vec![text!("oldest"), text!("not used for {} days", days(unused))])
}

fn days(duration: std::time::Duration) -> u64 {
    duration.as_secs() / (24 * 60 * 60)
}
