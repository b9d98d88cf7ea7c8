//! `cargo admit eval`.

mod answer;
mod pairs;
mod policy_source;

use std::{path::PathBuf, sync::Arc, time::Duration};

use admit_host::{
    Clock, LogLevel, Randomness, RunOptions,
    capabilities::{Network, NoSource, World},
    chainloop::{Kind, Material},
    input::InputError,
};

use self::policy_source::{Source, note};
use super::{files, policy};
use crate::{error::CliError, exit::Exit};

/// Evaluates a material with a policy of Chainloop, without Chainloop.
///
/// The input, the args, the rules of HTTP, the errors and the result are those of `chainloop policy develop eval`; the result
/// is JSON on stdout, what happened, in words, goes to stderr. Nothing is asked of a network unless --network is given.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit eval --policy policy.yaml --material sbom.json --kind SBOM_CYCLONEDX_JSON --input denied=GPL-3.0
  cargo admit eval --policy examples/sbom-licenses --material sbom.json
  cargo admit eval --policy policy.wasm --material ghcr.io/org/app:v1@sha256:… --kind CONTAINER_IMAGE --world world/

Exit codes are those of all commands: 1 when there are violations that are not suppressed, 2 when the material, its kind or the inputs do not fit the
policy, 3 when the policy gave no result. With --exit-zero they are Chainloop's: 0 for every result, 1 for every error.")]
pub(crate) struct Args {
    /// The policy: a policy.yaml (with the digest of the file behind it if you like, `policy.yaml@sha256:…`), the folder of one,
    /// the folder of a policy crate, which is built first, or a .wasm file
    #[arg(long, short, value_name = "PATH", default_value = "policy.yaml")]
    policy: PathBuf,
    /// The material: a file; for kind STRING the text itself, for CONTAINER_IMAGE a reference with its digest, or the folder of
    /// an OCI layout
    #[arg(long, value_name = "FILE")]
    material: String,
    /// The kind of the material, for example SBOM_CYCLONEDX_JSON; without it, the only kind that the policy is about, or the first
    /// kind that accepts the material, as Chainloop tries them
    #[arg(long)]
    kind: Option<String>,
    /// The name that a contract gives to the material: policies without a kind are about such materials only
    #[arg(long, value_name = "NAME")]
    material_name: Option<String>,
    /// An input of the policy; can be repeated. Commas and line breaks make lists, `\,` is a comma
    #[arg(long = "input", value_name = "NAME=VALUE")]
    inputs: Vec<String>,
    /// An annotation on the material; separated by commas, or repeated
    #[arg(long = "annotation", value_name = "NAME=VALUE")]
    annotations: Vec<String>,
    /// The project; only Chainloop gives it to policies, and only to those in Rego
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// The version of the project; as --project
    #[arg(long, value_name = "VERSION")]
    project_version: Option<String>,
    /// Hosts that the policy may ask, names or patterns with `*`; separated by commas, or repeated
    #[arg(long = "allowed-hostnames", value_name = "HOST", value_delimiter = ',')]
    allowed_hostnames: Vec<String>,
    /// Answer HTTP requests and discover from a world in files: a file or a folder
    #[arg(long, value_name = "PATH", conflicts_with = "network")]
    world: Option<PathBuf>,
    /// Make real HTTP requests, to allowed hosts
    #[arg(long)]
    network: bool,
    /// Let files name files outside of their folder: modules in a policy file, files in a world
    #[arg(long)]
    allow_outside: bool,
    /// Show what the policy logs for debugging, and in the result what went into and came out of it
    #[arg(long)]
    debug: bool,
    /// Show all of what goes to and comes from the host, not only the start
    #[arg(long, short)]
    verbose: bool,
    /// Exit with 0 whatever the result, and with 1 when there is none, as Chainloop does
    #[arg(long)]
    exit_zero: bool,
    /// Let the policy see the time of this machine; by default it is 2022-01-01, as on Chainloop
    #[arg(long)]
    real_clock: bool,
    /// Give the policy the randomness of this machine; by default it is the same every time, as on Chainloop
    #[arg(long)]
    real_randomness: bool,
    /// Build with names and line tables, so that the backtrace of a trap shows source lines
    #[arg(long)]
    debug_info: bool,
    /// Seconds that each module may take [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    timeout: Option<Duration>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    if !args.exit_zero {
        return evaluate(args);
    }
    Ok(match evaluate(args) {
        Ok(_) => Exit::Done,
        Err(error) => {
            error.report();
            Exit::Rejected
        }
    })
}

fn evaluate(args: &Args) -> Result<Exit, CliError> {
    // Inputs first: a mistake in them shows before a build takes its time.
    let world = args.world.as_deref().map(|world| files::world(world, args.allow_outside)).transpose()?;
    let inputs = pairs::inputs(&args.inputs)?;
    let annotations = pairs::annotations(&args.annotations)?;
    if args.project.is_some() || args.project_version.is_some() {
        note("--project and --project-version reach policies in Rego only; Chainloop gives modules nothing of them")?;
    }
    let kind = args.kind.as_deref().map(|kind| kind.parse::<Kind>().map_err(|error| CliError::Eval(error.into())));
    let given = kind.transpose()?.map(|kind| open(kind, &args.material)).transpose()?;
    let source = Source::find(&args.policy, args.allow_outside)?;
    let mut material = match given {
        Some(material) => material,
        None => material(args, &source)?,
    };
    if let Some(name) = &args.material_name {
        material = material.named(name);
    }
    for (name, value) in &annotations {
        material = material.annotated(name, value);
    }
    let kind = material.kind();
    if let (Some(file), None) = (source.file(), &args.material_name) {
        file.applies_to(kind).map_err(CliError::Eval)?;
    }
    let policy = source.prepare(kind, args.debug_info)?;
    let options = options(args, world);
    let evaluated = match args.debug {
        true => policy.evaluate_with_debug_info(material, &inputs, &options),
        false => policy.evaluate(material, &inputs, &options),
    };
    answer::tell(&policy, kind, evaluated, args)
}

fn open(kind: Kind, material: &str) -> Result<Material, CliError> {
    Material::open(kind, material).map_err(|error| CliError::Eval(error.into()))
}

/// The material when nobody says what it is: of the only kind that there can be, or of the one that Chainloop guesses.
fn material(args: &Args, source: &Source) -> Result<Material, CliError> {
    let Some(file) = source.file() else {
        let message = "say with --kind what the material is: the policy is about any kind";
        return Err(InputError::whole(args.policy.display().to_string(), message).into());
    };
    if let [only] = file.kinds.as_slice()
        && !only.is_guessed()
    {
        let material = open(*only, &args.material)?.detected();
        note(&format!(
            "without --kind, Chainloop never takes a material for {only}, and does not run a policy that is about nothing else"
        ))?;
        return Ok(material);
    }
    let guessed = Material::guess(&args.material).map_err(|error| CliError::Eval(error.into()))?;
    let kind = guessed.kind();
    match file.kinds.as_slice() {
        [only] if *only != kind => {
            let material = open(*only, &args.material)?.detected();
            note(&format!(
                "without --kind, Chainloop takes the material for {kind}, and does not run the policy, which is about {only}"
            ))?;
            Ok(material)
        }
        _ => {
            if kind == Kind::String && !file.kinds.contains(&kind) {
                note(&format!("there is no file {}, so that is the text of a STRING", args.material))?;
            } else if file.kinds.len() != 1 {
                let never: Vec<_> =
                    file.kinds.iter().filter(|kind| !kind.is_guessed()).map(ToString::to_string).collect();
                let never = match never.as_slice() {
                    [] => String::new(),
                    never => format!("; never guessed: {}", never.join(", ")),
                };
                note(&format!("the material is taken for {kind}; say with --kind what it is{never}"))?;
            }
            Ok(guessed)
        }
    }
}

fn options(args: &Args, world: Option<World>) -> RunOptions {
    let mut options = policy::options(args.timeout);
    options.chainloop.allowed_hostnames.clone_from(&args.allowed_hostnames);
    if args.debug {
        options.chainloop.log_level = LogLevel::Debug;
    }
    if args.real_clock {
        options.determinism.clock = Clock::Real;
    }
    if args.real_randomness {
        options.determinism.randomness = Randomness::Real;
    }
    let nothing = Arc::new(NoSource::new(
        "this run has no answer; give --world with what it asks for, or --network for real HTTP requests",
    ));
    options.capabilities = match world {
        Some(world) => Arc::new(world),
        None if args.network => {
            let timeout = options.limits.wall_time_of(admit_host::Abi::Extism);
            Arc::new(Network::new(nothing, timeout))
        }
        None => nothing,
    };
    options
}
