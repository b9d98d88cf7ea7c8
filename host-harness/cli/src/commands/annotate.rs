//! `cargo admit annotate`.

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use admit_host::{
    annotation::{Written, annotate},
    input::InputError,
    internal::{read_module, replace},
};

use super::{
    files::read_input,
    policy,
    spare::{self, Input},
};
use crate::{
    error::CliError,
    exit::Exit,
    output::{bytes, line, module_to_stdout, text, to_stderr, to_stdout, warning},
};

/// Writes metadata into a module, from any toolchain.
///
/// The metadata replaces what the module carries. A waPC policy is asked for its protocol version. The annotation
/// `dev.admit.version` says which version of this program wrote it. Crates with [package.metadata.admit] need no annotate:
/// `cargo admit build` does it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo admit annotate policy.wasm --metadata metadata.yml -o annotated-policy.wasm --usage README.md"
)]
pub(crate) struct Args {
    /// The module, a .wasm file, or a .wat file in the text format, of which a .wasm file is made
    #[arg(value_parser = policy::path())]
    module: PathBuf,
    /// Metadata in Kubewarden's format, YAML or JSON; `-` for stdin
    #[arg(short, long, value_name = "FILE", alias = "metadata-path")]
    metadata: PathBuf,
    /// Where the annotated module is written; `-` for stdout, when that is no terminal
    #[arg(short, long, value_name = "FILE", alias = "output-path")]
    output: PathBuf,
    /// How to use the policy, in Markdown
    #[arg(short, long, value_name = "FILE", alias = "usage-path")]
    usage: Option<PathBuf>,
    /// Let the output be the module itself
    #[arg(long)]
    overwrite: bool,
}

/// The version of Kubewarden with which the module is loaded: no minimum version in its old metadata is higher.
const ANY_VERSION: semver::Version = semver::Version::new(u64::MAX, 0, 0);

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    if !args.overwrite && spare::same(&args.module, &args.output) {
        let message = "is the module itself; choose another output, or say `--overwrite`";
        return Err(InputError::whole(args.output.display().to_string(), message).into());
    }
    if spare::is_stdout(&args.output) && std::io::stdout().is_terminal() {
        let message =
            "stdout is a terminal, which a module is nothing for; name a file, or write to a pipe (`-o - | …`)";
        return Err(InputError::whole("--output", message).into());
    }
    let read =
        [Some(Input::named("--metadata", &args.metadata)), args.usage.as_deref().map(|u| Input::named("--usage", u))];
    spare::inputs(&args.output, &read.into_iter().flatten().collect::<Vec<_>>())?;
    let (content, name) = read_input(&args.metadata)?;
    if args.metadata.extension().is_some_and(|extension| extension == "toml") {
        let message =
            "annotate takes a metadata.yml; `cargo admit build` reads the Cargo.toml and annotates what it builds";
        return Err(InputError::whole(name, message).into());
    }
    let written = Written::from_yaml(&content, name).map_err(CliError::Inputs)?;
    let usage = args.usage.as_deref().map(text).transpose()?;
    let module = read_module(&args.module).map_err(|source| CliError::Load { path: args.module.clone(), source })?;
    spare::folder(&args.output)?;
    let engine = policy::watched(&policy::engine(ANY_VERSION)?, &args.module);
    let annotated = annotate(&engine, &module, written, usage.as_deref())
        .map_err(|source| CliError::Annotate { path: args.module.clone(), source })?;
    for text in &annotated.warnings {
        warning(text)?;
    }
    let about = |place| {
        text!("{}  {}  {}", annotated.metadata.execution_mode.name(), bytes(annotated.module.len() as u64), place)
    };
    if spare::is_stdout(&args.output) {
        module_to_stdout(&annotated.module)?;
        to_stderr(&about(text!("to stdout")))?;
        return Ok(Exit::Done);
    }
    replace(&args.output, &annotated.module).map_err(|error| CliError::Output { path: args.output.clone(), error })?;
    to_stdout(&about(line(args.output.display())))?;
    Ok(Exit::Done)
}

/// The text in a file.
pub(super) fn text(path: &Path) -> Result<String, CliError> {
    let (content, name) = read_input(path)?;
    String::from_utf8(content).map_err(|_| InputError::whole(name, "is not UTF-8 text; save the file as UTF-8").into())
}
