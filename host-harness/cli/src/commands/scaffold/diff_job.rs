//! `cargo admit scaffold diff-job`.

use std::path::PathBuf;

use admit_host::{
    input::InputError,
    scaffold::{DiffJobOptions, diff_job},
};

use crate::{
    commands::{diff, scaffold},
    error::CliError,
    exit::Exit,
};

/// The Indexed Job that compares two policies over a corpus that is too large for one machine
///
/// Each of its Pods runs `cargo admit diff` on one shard of the corpus, and writes its report to /data/reports; `cargo admit diff
/// --merge` adds them up. Modules, corpus and reports are on the volume of a claim, which is mounted at /data.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  cargo admit scaffold diff-job --image registry.example/cargo-admit:v1 --shards 8 \\
    -- /data/old.wasm /data/new.wasm --requests /data/audit --settings /data/settings.yaml")]
pub(super) struct Args {
    /// The image, which has `cargo-admit` and a shell in it
    #[arg(long, value_name = "IMAGE")]
    image: String,
    /// Parts of the corpus, each of which gets a Pod of its own
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    shards: u32,
    /// Name of the claim of the volume
    #[arg(long, value_name = "NAME", default_value = "admit-diff")]
    claim: String,
    /// Name of the Job
    #[arg(long, value_name = "NAME", default_value = "admit-diff")]
    name: String,
    /// Arguments of `cargo admit diff`, with paths in the container
    #[arg(last = true, required = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit, CliError> {
    diff::check_arguments_of_job(&args.arguments).map_err(|why| InputError::whole("diff-job", why))?;
    let options = DiffJobOptions {
        name: args.name.clone(),
        image: args.image.clone(),
        shards: args.shards,
        claim: args.claim.clone(),
        arguments: args.arguments.clone(),
    };
    scaffold::print(&PathBuf::from("diff-job"), diff_job(&options))
}
