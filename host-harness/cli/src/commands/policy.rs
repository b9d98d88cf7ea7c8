//! Builds and loads policies.

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use admit_host::{
    Abi, CompiledPolicy, Engine, EngineOptions, PolicyModule, RunOptions,
    annotation::Written,
    artifact::{Artifact, BuildOptions, Progress, Project, left_out_variables},
    input::InputError,
    internal::file_of_uri,
};
use clap::builder::{PathBufValueParser, TypedValueParser};

use super::compiler;
use crate::{
    error::CliError,
    output::{compiling, line, note, text, to_stderr, warning},
};

/// Builds the policy in `path`: for `abis`, or for every ABI that it offers when there are none.
pub(super) fn build(
    project: &Project,
    abis: &[Abi],
    debug_info: bool,
    engine: &Engine,
) -> Result<Vec<Artifact>, CliError> {
    // A terminal shows cargo's progress as it happens; a log gets the output when it matters, that is, on failure.
    let progress = if std::io::stderr().is_terminal() { Progress::Inherit } else { Progress::Capture };
    if progress == Progress::Capture {
        to_stderr(&text!("building {}", line(project.name())))?;
    }
    note_left_out()?;
    for ignored in project.written_metadata()?.iter().flat_map(Written::ignored) {
        warning(ignored)?;
    }
    let mut abis = abis.to_vec();
    abis.sort();
    abis.dedup();
    // What a build makes is the author's own, and its build script ran in this process's name anyway.
    let engine = Some(engine.compiling_here().watched(compiling(project.name())));
    Ok(project.build_all(&abis, &BuildOptions { progress, debug_info, engine, ..BuildOptions::default() })?)
}

/// Tells what of the environment is no part of a build.
pub(super) fn note_left_out() -> Result<(), CliError> {
    let names = left_out_variables();
    if names.is_empty() {
        return Ok(());
    }
    let (are, they) = if names.len() == 1 { ("is", "it") } else { ("are", "they") };
    note(format_args!(
        "{} {are} left out of the build, since {they} would change the module; what a policy needs is set in its \
         Cargo.toml, or in a .cargo/config.toml",
        names.join(", ")
    ))?;
    Ok(())
}

/// An engine for modules of anybody, of which a command has one. For those that a crate is built to there is [`engine_for`].
pub(super) fn engine(kubewarden_version: semver::Version) -> Result<Engine, CliError> {
    let compile_limits = compiler::limits()?;
    let options = EngineOptions { kubewarden_version, compile_limits, ..EngineOptions::with_default_cache() };
    let process = compiler::process()?;
    let engine = Engine::new(options).map_err(CliError::Engine)?;
    if let Some(refused) = engine.cache_refused() {
        note(refused)?;
    }
    Ok(engine.compiling_in(process))
}

/// The engine, for the policy that is named `path`: a crate's own module is compiled in this process.
pub(super) fn engine_for(engine: &Engine, path: &Path) -> Engine {
    if is_project(path) { engine.compiling_here() } else { engine.clone() }
}

/// Reads a module, and sees whether it can be run. To compile it takes longer, and comes after everything else that can be wrong.
pub(super) fn open(engine: &Engine, path: &Path) -> Result<PolicyModule, CliError> {
    PolicyModule::from_file(engine, path).map_err(|source| CliError::Load { path: path.to_owned(), source })
}

/// Compiles the module that is in the file at `path`.
pub(super) fn compile(engine: &Engine, module: PolicyModule, path: &Path) -> Result<CompiledPolicy, CliError> {
    CompiledPolicy::from_module(&watched(engine, path), module)
        .map_err(|source| CliError::Load { path: path.to_owned(), source })
}

/// The engine, for what is in the file at `path`.
pub(super) fn watched(engine: &Engine, path: &Path) -> Engine {
    engine.watched(compiling(&shown(path).display().to_string()))
}

/// Parses the path of a policy. It may be a `file://` URI, as custom resources have it.
pub(super) fn path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| path.to_str().and_then(file_of_uri).unwrap_or(Ok(path)))
}

/// Whether `path` names a crate rather than a module.
pub(super) fn is_project(path: &Path) -> bool {
    path.is_dir() || path.file_name().is_some_and(|name| name == "Cargo.toml")
}

pub(super) fn options(timeout: Option<std::time::Duration>) -> RunOptions {
    let mut options = RunOptions::default();
    options.limits.wall_time = timeout;
    options
}

/// The module at `path`: itself, or what a policy crate is built to.
pub(super) fn module_of(path: &Path, abi: Option<Abi>, debug_info: bool, engine: &Engine) -> Result<PathBuf, CliError> {
    if !is_project(path) {
        return Ok(path.to_owned());
    }
    let project = Project::open(path)?;
    let abi: Vec<Abi> = abi.or_else(|| project.abis().first().copied()).into_iter().collect();
    let artifacts = build(&project, &abi, debug_info, engine)?;
    match artifacts.into_iter().next() {
        Some(artifact) => Ok(artifact.path),
        None => Err(InputError::whole(path.display().to_string(), "nothing was built").into()),
    }
}

/// `path` relative to the current folder when it is inside of it: shorter, and it can be pasted.
pub(super) fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    here.unwrap_or_else(|| path.to_owned())
}
