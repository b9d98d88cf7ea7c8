//! `cargo admit completions`.

use clap_complete::Shell;

use crate::{
    error::CliError,
    exit::Exit,
    output::{Data, data_to_stdout},
};

/// Prints the completions of the command line for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit completions bash > ~/.local/share/bash-completion/completions/cargo-admit
  cargo admit completions fish > ~/.config/fish/completions/cargo-admit.fish

They complete `cargo-admit`, the program behind `cargo admit`; cargo completes its subcommands itself.")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

/// `command` is the whole command line.
pub(crate) fn run(args: &Args, mut command: clap::Command) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "cargo-admit", &mut script);
    data_to_stdout(&Data::of_script(String::from_utf8_lossy(&script)))?;
    Ok(Exit::Done)
}
