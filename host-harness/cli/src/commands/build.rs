//! `cargo admit build`.

use std::path::PathBuf;

use admit_host::{
    Abi, KUBEWARDEN_VERSION, Platform,
    artifact::{Artifact, Project},
};

use super::policy;
use crate::{
    error::CliError,
    exit::Exit,
    output::{Text, bytes, line, note, table, text, thousands, to_stdout},
};

/// Builds a policy for each ABI it offers.
///
/// The modules are written to the folder `admit` in the target folder of the workspace. They carry the metadata that
/// `[package.metadata.admit]` of the Cargo.toml or a `metadata.yml` next to it declares; what the code contradicts is refused.
///
/// To build a crate runs its code: build scripts, macros, and what its folder tells cargo and rustup. Read the crate of a stranger first,
/// build it in a container, or test its module instead.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo admit build examples/pod-privileged --abi wapc,wasi")]
pub(crate) struct Args {
    /// Folder of the policy crate
    #[arg(default_value = ".")]
    path: PathBuf,
    /// ABIs to build, separated by commas: wapc, wasi, chainloop; every one that the crate offers when absent
    #[arg(long, value_delimiter = ',', value_name = "ABI")]
    abi: Vec<Abi>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let project = Project::open(&args.path)?;
    let artifacts = policy::build(&project, &args.abi, false, &policy::engine(KUBEWARDEN_VERSION)?)?;
    // Chainloop has no use for Kubewarden's metadata.
    if artifacts.iter().any(|artifact| !artifact.annotated && artifact.abi.platform() == Platform::Kubewarden) {
        note(
            "policy-server loads annotated policies only; add [package.metadata.admit] to the Cargo.toml, with `rules`",
        )?;
    }
    to_stdout(&sizes(&artifacts))?;
    Ok(Exit::Done)
}

/// A table of modules and their sizes.
pub(super) fn sizes(artifacts: &[Artifact]) -> Text {
    let row = |a: &Artifact| {
        let file = line(policy::shown(&a.path).display());
        vec![line(a.abi), bytes(a.size), text!("({} bytes)", thousands(a.size)), file]
    };
    table(&artifacts.iter().map(row).collect::<Vec<_>>(), &[1, 2])
}
