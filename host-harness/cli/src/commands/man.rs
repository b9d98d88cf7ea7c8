//! `cargo admit man`.

use std::path::{Path, PathBuf};

use admit_host::internal::replace;

use super::spare;
use crate::{
    error::CliError,
    exit::Exit,
    output::{Text, line, to_stdout},
};

/// Writes the manual pages, one for each command, to a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo admit man ~/.local/share/man/man1 && man cargo-admit-test")]
pub(crate) struct Args {
    /// The folder; it is made when it is not there
    folder: PathBuf,
}

/// `command` is the whole command line.
pub(crate) fn run(args: &Args, mut command: clap::Command) -> Result<Exit, CliError> {
    spare::no_stdout(&args.folder, "FOLDER", "there are many pages, so name a folder")?;
    let failed = |path: &Path, error| CliError::Output { path: path.to_owned(), error };
    std::fs::create_dir_all(&args.folder).map_err(|error| failed(&args.folder, error))?;
    let mut pages = Vec::new();
    // The pages have the whole command line of a subcommand, and what all of them share.
    command.build();
    collect(command, "cargo-admit", &mut pages)?;
    let mut written = Vec::new();
    for (name, page) in pages {
        let path = args.folder.join(format!("{name}.1"));
        replace(&path, &page).map_err(|error| failed(&path, error))?;
        written.push(line(path.display()));
    }
    to_stdout(&Text::join(&written, "\n"))?;
    Ok(Exit::Done)
}

/// The page of a command and of every command below it.
fn collect(command: clap::Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), CliError> {
    for subcommand in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = format!("{name}-{}", subcommand.get_name());
        collect(subcommand.clone(), &name, pages)?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.display_name(name)).title(name).render(&mut page)?;
    pages.push((name.to_owned(), page));
    Ok(())
}
